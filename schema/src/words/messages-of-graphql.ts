import type { Words } from './sentence.ts';

/**
 * What graphql-js and Apollo Server themselves say of a malformed request, as they say it, and in Chinese. Named after graphql-js's rule where
 * there is one; a message that is not here is told in Chinese as what it is, a request that is malformed, with its place.
 */
export const messagesOfGraphql = {
  // Validation.
  FieldsOnCorrectType: { en: 'Cannot query field "{name}" on type "{type}".', zh: '类型“{type}”没有字段“{name}”。' },
  ScalarLeafsNone: {
    en: 'Field "{name}" must not have a selection since type "{type}" has no subfields.',
    zh: '字段“{name}”的类型“{type}”没有下级字段，不得选取下级字段。',
  },
  ScalarLeafsSome: {
    en: 'Field "{name}" of type "{type}" must have a selection of subfields. Did you mean "{written}"?',
    zh: '字段“{name}”的类型为“{type}”，须选取其下级字段。',
  },
  ScalarLeafsEmpty: {
    en: 'Field "{name}" of type "{type}" must have at least one field selected.',
    zh: '字段“{name}”的类型为“{type}”，须至少选取一个下级字段。',
  },
  KnownArgumentNames: { en: 'Unknown argument "{name}" on field "{coordinate}".', zh: '字段“{coordinate}”没有参数“{name}”。' },
  KnownArgumentNamesOnDirectives: { en: 'Unknown argument "{name}" on directive "{type}".', zh: '指令“{type}”没有参数“{name}”。' },
  ProvidedRequiredArguments: {
    en: 'Field "{name}" argument "{argument}" of type "{type}" is required, but it was not provided.',
    zh: '字段“{name}”的参数“{argument}”（类型“{type}”）为必填，未填写。',
  },
  ProvidedRequiredArgumentsOnDirectives: {
    en: 'Directive "{name}" argument "{argument}" of type "{type}" is required, but it was not provided.',
    zh: '指令“{name}”的参数“{argument}”（类型“{type}”）为必填，未填写。',
  },
  KnownDirectives: { en: 'Unknown directive "{name}".', zh: '没有指令“{name}”。' },
  KnownDirectivesPlace: { en: 'Directive "{name}" may not be used on {type}.', zh: '指令“{name}”不得用于 {type}。' },
  UniqueDirectives: { en: 'The directive "{name}" can only be used once at this location.', zh: '指令“{name}”在此处只能使用一次。' },
  KnownFragmentNames: { en: 'Unknown fragment "{name}".', zh: '没有片段“{name}”。' },
  NoUnusedFragments: { en: 'Fragment "{name}" is never used.', zh: '片段“{name}”未被使用。' },
  UniqueFragmentNames: { en: 'There can be only one fragment named "{name}".', zh: '名为“{name}”的片段只能有一个。' },
  NoFragmentCycles: { en: 'Cannot spread fragment "{name}" within itself.', zh: '片段“{name}”不得引用自身。' },
  NoFragmentCyclesVia: {
    en: 'Cannot spread fragment "{name}" within itself via {written}.',
    zh: '片段“{name}”不得经由 {written} 引用自身。',
  },
  PossibleFragmentSpreads: {
    en: 'Fragment "{name}" cannot be spread here as objects of type "{type}" can never be of type "{other}".',
    zh: '片段“{name}”不得用于此处：类型“{type}”的对象不可能属于类型“{other}”。',
  },
  PossibleInlineFragments: {
    en: 'Fragment cannot be spread here as objects of type "{type}" can never be of type "{other}".',
    zh: '片段不得用于此处：类型“{type}”的对象不可能属于类型“{other}”。',
  },
  FragmentsOnCompositeTypes: {
    en: 'Fragment "{name}" cannot condition on non composite type "{type}".',
    zh: '片段“{name}”不得以非复合类型“{type}”为条件。',
  },
  InlineFragmentsOnCompositeTypes: {
    en: 'Fragment cannot condition on non composite type "{type}".',
    zh: '片段不得以非复合类型“{type}”为条件。',
  },
  KnownTypeNames: { en: 'Unknown type "{name}".', zh: '没有类型“{name}”。' },
  LoneAnonymousOperation: {
    en: 'This anonymous operation must be the only defined operation.',
    zh: '文档中有未命名的操作时，不得再有其他操作。',
  },
  UniqueOperationNames: { en: 'There can be only one operation named "{name}".', zh: '名为“{name}”的操作只能有一个。' },
  UniqueVariableNames: { en: 'There can be only one variable named "{variable}".', zh: '名为“{variable}”的变量只能有一个。' },
  UniqueArgumentNames: { en: 'There can be only one argument named "{name}".', zh: '名为“{name}”的参数只能有一个。' },
  UniqueInputFieldNames: { en: 'There can be only one input field named "{name}".', zh: '名为“{name}”的输入字段只能有一个。' },
  NoUndefinedVariables: { en: 'Variable "{variable}" is not defined.', zh: '变量“{variable}”未定义。' },
  NoUndefinedVariablesOf: {
    en: 'Variable "{variable}" is not defined by operation "{name}".',
    zh: '操作“{name}”未定义变量“{variable}”。',
  },
  NoUnusedVariables: { en: 'Variable "{variable}" is never used.', zh: '变量“{variable}”未被使用。' },
  NoUnusedVariablesOf: { en: 'Variable "{variable}" is never used in operation "{name}".', zh: '操作“{name}”未使用变量“{variable}”。' },
  VariablesAreInputTypes: {
    en: 'Variable "{variable}" cannot be non-input type "{type}".',
    zh: '变量“{variable}”的类型“{type}”不是输入类型。',
  },
  VariablesInAllowedPosition: {
    en: 'Variable "{variable}" of type "{type}" used in position expecting type "{other}".',
    zh: '变量“{variable}”的类型为“{type}”，而此处须为类型“{other}”。',
  },
  ExecutableDefinitions: { en: 'The "{name}" definition is not executable.', zh: '定义“{name}”不可执行。' },
  ExecutableSchema: { en: 'The schema definition is not executable.', zh: '接口模式的定义不可执行。' },
  SameResponseShape: {
    en: 'Fields "{name}" conflict because {written}. Use different aliases on the fields to fetch both if this was intentional.',
    zh: '名为“{name}”的字段互相冲突；如需同时获取，请为其取不同的别名。',
  },
  MaxIntrospectionDepth: { en: 'Maximum introspection depth exceeded', zh: '查询接口模式的嵌套超过上限。' },
  TooManyErrors: {
    en: 'Too many validation errors, error limit reached. Validation aborted.',
    zh: '错误过多，不再继续检查。',
  },
  TooManyVariableErrors: {
    en: 'Too many errors processing variables, error limit reached. Execution aborted.',
    zh: '变量的错误过多，不再继续检查。',
  },
  // Values.
  EnumValue: { en: 'Value "{name}" does not exist in "{type}" enum.', zh: '枚举“{type}”没有取值“{name}”。' },
  EnumWritten: { en: 'Enum "{type}" cannot represent non-enum value: {written}.', zh: '枚举“{type}”的取值不能写作 {written}。' },
  EnumText: { en: 'Enum "{type}" cannot represent non-string value: {written}.', zh: '枚举“{type}”的取值不能为 {written}。' },
  StringValue: { en: 'String cannot represent a non string value: {written}', zh: 'String 类型须为文字，不能为 {written}。' },
  BooleanValue: { en: 'Boolean cannot represent a non boolean value: {written}', zh: 'Boolean 类型须为 true 或 false，不能为 {written}。' },
  IntValue: { en: 'Int cannot represent non-integer value: {written}', zh: 'Int 类型须为整数，不能为 {written}。' },
  IntSize: {
    en: 'Int cannot represent non 32-bit signed integer value: {written}',
    zh: 'Int 类型须为 32 位有符号整数，不能为 {written}。',
  },
  FloatValue: { en: 'Float cannot represent non numeric value: {written}', zh: 'Float 类型须为数值，不能为 {written}。' },
  IdValue: {
    en: 'ID cannot represent a non-string and non-integer value: {written}',
    zh: 'ID 类型须为文字或者整数，不能为 {written}。',
  },
  IdOfVariable: { en: 'ID cannot represent value: {written}', zh: 'ID 类型须为文字或者整数，不能为 {written}。' },
  ValueOfType: { en: 'Expected value of type "{type}", found {written}.', zh: '此处须为类型“{type}”的值，不能为 {written}。' },
  ValueOfTypeBecause: {
    en: 'Expected value of type "{type}", found {written}; {other}',
    zh: '此处须为类型“{type}”的值，不能为 {written}。',
  },
  InputFieldRequired: {
    en: 'Field "{coordinate}" of required type "{type}" was not provided.',
    zh: '输入字段“{coordinate}”（类型“{type}”）为必填，未填写。',
  },
  InputFieldRequiredInVariable: {
    en: 'Field "{name}" of required type "{type}" was not provided.',
    zh: '输入字段“{name}”（类型“{type}”）为必填，未填写。',
  },
  InputFieldUnknown: { en: 'Field "{name}" is not defined by type "{type}".', zh: '输入类型“{type}”没有字段“{name}”。' },
  VariableRequired: {
    en: 'Variable "{variable}" of required type "{type}" was not provided.',
    zh: '变量“{variable}”（类型“{type}”）为必填，未填写。',
  },
  VariableNull: {
    en: 'Variable "{variable}" of non-null type "{type}" must not be null.',
    zh: '变量“{variable}”（类型“{type}”）不得为 null。',
  },
  VariableNoInput: {
    en: 'Variable "{variable}" expected value of type "{type}" which cannot be used as an input type.',
    zh: '变量“{variable}”的类型“{type}”不能用作输入类型。',
  },
  VariableValue: { en: 'Variable "{variable}" got invalid value {written}; {message}', zh: '变量“{variable}”的值无效：{message}' },
  VariableValueAt: {
    en: 'Variable "{variable}" got invalid value {written} at "{place}"; {message}',
    zh: '变量“{variable}”在“{place}”处的值无效：{message}',
  },
  VariableNotNull: { en: 'Expected non-nullable type "{type}" not to be null.', zh: '类型“{type}”不得为 null。' },
  VariableObject: { en: 'Expected type "{type}" to be an object.', zh: '类型“{type}”须为对象。' },
  VariableScalar: { en: 'Expected type "{type}".', zh: '须为类型“{type}”。' },
  VariableScalarBecause: { en: 'Expected type "{type}". {other}', zh: '须为类型“{type}”。' },
  // Syntax.
  SyntaxExpected: { en: 'Syntax Error: Expected {other}, found {written}.', zh: '语法错误：此处应为 {other}，而不是 {written}。' },
  SyntaxUnexpected: { en: 'Syntax Error: Unexpected {written}.', zh: '语法错误：此处不应出现 {written}。' },
  SyntaxCharacter: { en: 'Syntax Error: Unexpected character: {written}.', zh: '语法错误：此处不应出现字符 {written}。' },
  SyntaxInvalidCharacter: { en: 'Syntax Error: Invalid character: {written}.', zh: '语法错误：无效的字符 {written}。' },
  SyntaxQuote: {
    en: 'Syntax Error: Unexpected single quote character (\'), did you mean to use a double quote (")?',
    zh: '语法错误：不应使用单引号（\'），请使用双引号（"）。',
  },
  SyntaxInString: { en: 'Syntax Error: Invalid character within String: {written}.', zh: '语法错误：字符串中有无效的字符 {written}。' },
  SyntaxUnterminated: { en: 'Syntax Error: Unterminated string.', zh: '语法错误：字符串没有结束。' },
  SyntaxNumber: {
    en: 'Syntax Error: Invalid number, expected digit but got: {written}.',
    zh: '语法错误：数字无效，此处应为数字，而不是 {written}。',
  },
  SyntaxNumberAfterZero: {
    en: 'Syntax Error: Invalid number, unexpected digit after 0: {written}.',
    zh: '语法错误：数字无效，0 之后不应再有数字 {written}。',
  },
  SyntaxUnicode: { en: 'Syntax Error: Invalid Unicode escape sequence: {written}.', zh: '语法错误：无效的 Unicode 转义 {written}。' },
  SyntaxEscape: { en: 'Syntax Error: Invalid character escape sequence: {written}.', zh: '语法错误：无效的转义 {written}。' },
  SyntaxConstant: {
    en: 'Syntax Error: Unexpected variable "{variable}" in constant value.',
    zh: '语法错误：常量中不应出现变量“{variable}”。',
  },
  // Apollo Server, of how the request came.
  NO_QUERY: {
    en: 'GraphQL operations must contain a non-empty `query` or a `persistedQuery` extension.',
    zh: '请求须含有非空的 `query`，或者 `persistedQuery` 扩展。',
  },
  NO_BODY: {
    en: 'POST body missing, invalid Content-Type, or JSON object has no keys.',
    zh: '缺少请求体、Content-Type 不正确，或者 JSON 对象为空。',
  },
  QUERY_TEXT: { en: 'GraphQL queries must be strings.', zh: '`query` 须为文字。' },
  VARIABLES_ENCODED: {
    en: '`variables` in a POST body should be provided as an object, not a recursively JSON-encoded string.',
    zh: '请求体中的 `variables` 须为对象，不能是再次编码为 JSON 的文字。',
  },
  VARIABLES_OBJECT: { en: '`variables` in a POST body must be an object if provided.', zh: '请求体中的 `variables` 须为对象。' },
  EXTENSIONS_ENCODED: {
    en: '`extensions` in a POST body should be provided as an object, not a recursively JSON-encoded string.',
    zh: '请求体中的 `extensions` 须为对象，不能是再次编码为 JSON 的文字。',
  },
  EXTENSIONS_OBJECT: { en: '`extensions` in a POST body must be an object if provided.', zh: '请求体中的 `extensions` 须为对象。' },
  OPERATION_NAME_TEXT: { en: '`operationName` in a POST body must be a string if provided.', zh: '请求体中的 `operationName` 须为文字。' },
  PARAMETER_JSON: { en: 'The {name} search parameter contains invalid JSON.', zh: '查询参数 {name} 不是格式正确的 JSON。' },
  PARAMETER_OBJECT: { en: 'The {name} search parameter should contain a JSON-encoded object.', zh: '查询参数 {name} 须为 JSON 对象。' },
  PARAMETER_ONCE: { en: "The '{name}' search parameter may only be specified once.", zh: '查询参数 {name} 只能出现一次。' },
  NO_BATCHES: { en: 'Operation batching disabled.', zh: '不受理成批的操作。' },
  ONLY_QUERIES_WITH_GET: {
    en: 'GET requests only support query operations, not {name} operations',
    zh: 'GET 只能用于查询（query），不能用于 {name} 操作。',
  },
  NO_CONTENT_TYPE_WITH_GET: {
    en: 'GET requests may not have a content-type header other than application/json.',
    zh: 'GET 请求的 Content-Type 只能为 application/json。',
  },
  NOT_ACCEPTABLE: {
    en: "An 'accept' header was provided for this request which does not accept application/json; charset=utf-8 or application/graphql-response+json; charset=utf-8",
    zh: '请求的 Accept 不接受 application/json，也不接受 application/graphql-response+json。',
  },
  PERSISTED_NOT_SUPPORTED: { en: 'PersistedQueryNotSupported', zh: 'PersistedQueryNotSupported：不支持留存查询，请发送 query。' },
  PERSISTED_VERSION: { en: 'Unsupported persisted query version', zh: '不支持该版本的留存查询。' },
  PERSISTED_OTHER: { en: 'provided sha does not match query', zh: '摘要与查询不符。' },
  CROSS_SITE: {
    en: 'This operation has been blocked as a potential Cross-Site Request Forgery (CSRF). {other}',
    zh: '此操作可能为跨站请求伪造（CSRF），未予受理。请以 Content-Type: application/json 发送，或者带上 apollo-require-preflight 等请求头。',
  },
} as const satisfies Readonly<Record<string, Words>>;
