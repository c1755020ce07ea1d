import { readEnvironment } from '@longyuan/settings/environment.ts';
import { askToken } from './ask-token.ts';
import { readCommand, USAGE } from './read-command.ts';

/** `npm run -s token`: prints a token and nothing else; what is wrong goes to standard error, with exit code 2 for the command itself. */
let command: ReturnType<typeof readCommand> | null = null;
try {
  command = readCommand(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${say(error)}\n${USAGE}\n`);
  process.exitCode = 2;
}
if (command) {
  try {
    process.stdout.write(`${await askToken(readEnvironment(), command.account, command.lifeSeconds)}\n`);
  } catch (error) {
    process.stderr.write(`${say(error)}\n`);
    process.exitCode = 1;
  }
}

function say(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
