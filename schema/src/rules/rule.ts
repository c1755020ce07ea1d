import type { ASTNode, ASTVisitor } from 'graphql';
import type { Library } from '../read-libraries.ts';
import type { SharingFacts } from '../sharing-facts.ts';

/** What a rule can see: the library whose SDL it visits, and what all libraries say. */
type RuleContext = Readonly<{
  facts: SharingFacts;
  library: Library;
  /** `message` says what is wrong, `mend` what to write instead. */
  complain: (complaint: Readonly<{ at: ASTNode; coordinate: string; message: string; mend: string }>) => void;
}>;

/** One rule about the SDL of libraries: a visitor, made anew for each library. */
export type Rule = (context: RuleContext) => ASTVisitor;
