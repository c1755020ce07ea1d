import type { Refusing } from './refusing.ts';

/** What the gateway and its directory say of libraries, grants, objections, coverage and open files. */
export const refusalsOfHub = {
  // Libraries that do not answer.
  LIBRARY_STARTING: {
    code: 'LIBRARY_UNAVAILABLE',
    en: 'The library {library} ({title}) is starting.',
    zh: '{title}（{library}）正在启动。',
  },
  LIBRARY_SEEDING: {
    code: 'LIBRARY_UNAVAILABLE',
    en: 'The library {library} ({title}) is being filled with data.',
    zh: '{title}（{library}）正在装载数据。',
  },
  LIBRARY_SILENT: {
    code: 'LIBRARY_UNAVAILABLE',
    en: 'The library {library} ({title}) does not answer.',
    zh: '{title}（{library}）无应答。',
  },
  LIBRARY_LATE: {
    code: 'LIBRARY_TIMEOUT',
    en: 'The library {library} ({title}) did not answer in time.',
    zh: '{title}（{library}）未在规定时间内应答。',
  },
  LIBRARY_UNREADABLE: {
    code: 'LIBRARY_UNAVAILABLE',
    en: 'The library {library} ({title}) gave no answer that can be read.',
    zh: '{title}（{library}）的应答无法读取。',
  },
  LIBRARY_OVERSIZED: {
    code: 'LIBRARY_UNAVAILABLE',
    en: 'The library {library} ({title}) gave an answer that is too large.',
    zh: '{title}（{library}）的应答过大。',
  },
  LIBRARY_CROWDED: {
    code: 'LIBRARY_UNAVAILABLE',
    en: 'The library {library} ({title}) has too many calls waiting.',
    zh: '等待{title}（{library}）的调用过多。',
  },
  LIBRARY_TURN_LATE: {
    code: 'LIBRARY_TIMEOUT',
    en: 'The library {library} ({title}) has too many calls waiting: the turn of this one did not come in time.',
    zh: '等待{title}（{library}）的调用过多，本次调用未能及时轮到。',
  },
  LIBRARY_LEFT: {
    code: 'LIBRARY_UNAVAILABLE',
    en: 'The library {library} ({title}) was not waited for: the client has left.',
    zh: '客户端已断开，未继续等待{title}（{library}）。',
  },
  NOT_AS_PROMISED: {
    code: 'LIBRARY_UNAVAILABLE',
    en: 'A library did not answer in the promised shape.',
    zh: '基础库的应答与约定的格式不符。',
  },
  // What a library's error says where the library says nothing that the hub would say.
  VALUE_NOT_TAKEN: {
    code: 'BAD_USER_INPUT',
    en: '{argument} is not taken by the library {library} ({title}).',
    zh: '{title}（{library}）不接受 {argument} 的值。',
  },
  SOME_VALUE_NOT_TAKEN: {
    code: 'BAD_USER_INPUT',
    en: 'A value of the question is not taken by the library {library} ({title}).',
    zh: '{title}（{library}）不接受请求中的某个值。',
  },
  LIBRARY_FAILED: {
    code: 'INTERNAL',
    en: 'The library {library} ({title}) failed to answer this.',
    zh: '{title}（{library}）应答此项时发生故障。',
  },
  LIBRARY_NOT_NOW: {
    code: 'LIBRARY_UNAVAILABLE',
    en: 'The library {library} ({title}) does not answer this now.',
    zh: '{title}（{library}）目前不能应答此项。',
  },
  // The directory.
  DIRECTORY_NO_DATABASE: {
    code: 'LIBRARY_UNAVAILABLE',
    en: 'The directory cannot use its database now.',
    zh: '政务信息资源目录的数据库目前不可用。',
  },
  DIRECTORY_BUSY: {
    code: 'LIBRARY_UNAVAILABLE',
    en: 'The directory has too many questions waiting.',
    zh: '等待政务信息资源目录的请求过多。',
  },
  DIRECTORY_CALL_OVER: {
    code: 'LIBRARY_TIMEOUT',
    en: 'The directory did not answer before the call was over.',
    zh: '政务信息资源目录未在本次调用结束前应答。',
  },
  DIRECTORY_LATE: {
    code: 'LIBRARY_TIMEOUT',
    en: 'The directory did not answer in time.',
    zh: '政务信息资源目录未在规定时间内应答。',
  },
  DIRECTORY_FAILED: { code: 'INTERNAL', en: 'The directory failed to answer this.', zh: '政务信息资源目录应答此项时发生故障。' },
  // Grants.
  GRANTS_NEED_TOKEN: {
    code: 'UNAUTHENTICATED',
    en: 'Grants are told to departments and auditors, and the call carries no token.',
    zh: '授权信息只向部门和审计人员提供，本次调用未携带令牌。',
  },
  DEALING_NEEDS_TOKEN: {
    code: 'UNAUTHENTICATED',
    en: 'Departments apply for grants, answer and revoke them, and the call carries no token.',
    zh: '授权由部门申请、答复和撤销，本次调用未携带令牌。',
  },
  GRANTS_OF_DEPARTMENTS: {
    code: 'ITEM_NOT_SHARED',
    en: 'Grants are a matter of departments: they apply, hold, answer and revoke.',
    zh: '授权的申请、持有、答复和撤销只面向部门。',
  },
  GRANTS_UNTOLD: {
    code: 'LIBRARY_UNAVAILABLE',
    en: 'What {department} granted of the library {library} ({title}) is not known now: what is listed of it is as it was known last.',
    zh: '目前无法确认{department}对{title}（{library}）作出的授权，所列为最近一次获知的情况。',
  },
  OWNER_UNREADABLE: {
    code: 'LIBRARY_UNAVAILABLE',
    en: 'The owner gave no answer that can be read.',
    zh: '数源部门的应答无法读取。',
  },
  APPLICATION_UNTOLD: {
    code: 'LIBRARY_UNAVAILABLE',
    en: 'The application {no} ({library}) cannot be told: {fault}.',
    zh: '申请 {no}（{library}）的内容无法提供：{fault}。',
  },
  CALLS_USED_UP: {
    code: 'QUOTA_EXCEEDED',
    en: 'The grant {no} gives {number} calls a day, of which {left} are left until {moment} (midnight in the province); this request needs more.',
    zh: '授权 {no} 每日可调用 {number} 次，至 {moment}（本省零时）前尚余 {left} 次，不足以办理本次请求。',
  },
  ROWS_USED_UP: {
    code: 'QUOTA_EXCEEDED',
    en: 'The grant {no} gives {number} rows a day, of which {left} are left until {moment} (midnight in the province); this request needs more.',
    zh: '授权 {no} 每日可获取 {number} 条记录，至 {moment}（本省零时）前尚余 {left} 条，不足以办理本次请求。',
  },
  QUOTA_UNKNOWN: {
    code: 'LIBRARY_UNAVAILABLE',
    en: 'What is left today of the grants that this request needs cannot be told now. Ask again in a moment.',
    zh: '目前无法确认本次请求所需授权的当日余量，请稍后重试。',
  },
  // Coverage.
  COVERAGE_NEEDS_TOKEN: {
    code: 'UNAUTHENTICATED',
    en: 'Coverage is told to stewards of departments, of the division that they work for, and to the auditor; the call carries no token.',
    zh: '覆盖情况只向各部门数据管理员（限其所辖区划）和审计人员提供，本次调用未携带令牌。',
  },
  COVERAGE_NOT_YOURS: {
    code: 'ITEM_NOT_SHARED',
    en: 'Coverage is told to stewards of departments, of the division that they work for, and to the auditor.',
    zh: '覆盖情况只向各部门数据管理员（限其所辖区划）和审计人员提供。',
  },
  COVERAGE_LIST: {
    code: 'BAD_USER_INPUT',
    en: 'list must be providers, resources or items.',
    zh: 'list 须为 providers、resources 或 items。',
  },
  COVERAGE_DIVISION: {
    code: 'BAD_USER_INPUT',
    en: 'division must be the code of a division of the province: 6, 9 or 12 digits, as `divisions` lists them.',
    zh: 'division 须为本省行政区划代码：6 位、9 位或 12 位数字，可通过 `divisions` 查询。',
  },
  COVERAGE_PROVIDER: {
    code: 'BAD_USER_INPUT',
    en: 'provider must be the credit code of a department of the directory; those there are stand in the table list=providers.',
    zh: 'provider 须为目录中提供方的统一社会信用代码，现有提供方见 list=providers 的表。',
  },
  COVERAGE_LIBRARY: {
    code: 'BAD_USER_INPUT',
    en: 'library must be the name of a library of the hub: {written}.',
    zh: 'library 须为已接入共享平台的基础库的名称：{written}。',
  },
  // Quality.
  MEASURING_NEEDS_TOKEN: {
    code: 'UNAUTHENTICATED',
    en: 'Quality is measured for stewards of the owner who work for the whole province, and the call carries no token.',
    zh: '数据质量检查只由数源部门负责全省范围的数据管理员发起，本次调用未携带令牌。',
  },
  MEASURING_NOT_YOURS: {
    code: 'ITEM_NOT_SHARED',
    en: 'Quality is measured for stewards of the owner who work for the whole province.',
    zh: '数据质量检查只由数源部门负责全省范围的数据管理员发起。',
  },
  // Objections.
  OBJECTIONS_NEED_TOKEN: {
    code: 'UNAUTHENTICATED',
    en: 'Objections are listed for auditors and for stewards of the owner who work for the whole province, and these stewards answer them; the call carries no token.',
    zh: '异议清单只向审计人员和数源部门负责全省范围的数据管理员提供，异议由后者答复，本次调用未携带令牌。',
  },
  OBJECTIONS_NOT_YOURS: {
    code: 'ITEM_NOT_SHARED',
    en: 'Objections are listed for auditors and for stewards of the owner who work for the whole province, and these stewards answer them.',
    zh: '异议清单只向审计人员和数源部门负责全省范围的数据管理员提供，异议由后者答复。',
  },
  OBJECTIONS_OF_ANYONE: {
    code: 'RATE_LIMITED',
    en: 'The resource {resource} has {number} open objections of callers without a token, the most there may be; its owner has to answer some first.',
    zh: '信息资源 {resource} 尚未办结的异议中，由未携带令牌的调用人提出的已有 {number} 件，达到上限，待数源部门答复后方可再提。',
  },
  OBJECTIONS_OF_DEPARTMENT: {
    code: 'RATE_LIMITED',
    en: 'The resource {resource} has {number} open objections of your department, the most there may be; its owner has to answer some first.',
    zh: '贵单位对信息资源 {resource} 提出的尚未办结的异议已有 {number} 件，达到上限，待数源部门答复后方可再提。',
  },
  OBJECTIONS_OF_CITIZENS: {
    code: 'RATE_LIMITED',
    en: 'The resource {resource} has {number} open objections of citizens, the most there may be; its owner has to answer some first.',
    zh: '自然人对信息资源 {resource} 提出的尚未办结的异议已有 {number} 件，达到上限，待数源部门答复后方可再提。',
  },
  OBJECTIONS_OF_FIRMS: {
    code: 'RATE_LIMITED',
    en: 'The resource {resource} has {number} open objections of legal entities, the most there may be; its owner has to answer some first.',
    zh: '法人对信息资源 {resource} 提出的尚未办结的异议已有 {number} 件，达到上限，待数源部门答复后方可再提。',
  },
  OBJECTIONS_OF_AUDITORS: {
    code: 'RATE_LIMITED',
    en: 'The resource {resource} has {number} open objections of auditors, the most there may be; its owner has to answer some first.',
    zh: '审计人员对信息资源 {resource} 提出的尚未办结的异议已有 {number} 件，达到上限，待数源部门答复后方可再提。',
  },
  OBJECTIONS_A_DAY: {
    code: 'RATE_LIMITED',
    en: 'One caller raises at most {number} objections in a day; the next can be raised from {moment} on.',
    zh: '同一调用人每日最多提出 {number} 件异议，可于 {moment} 后再提。',
  },
  // Open files.
  NO_FILE: {
    code: 'BAD_USER_INPUT',
    en: 'There is no such file. {address}/public/catalog.jsonld lists those there are.',
    zh: '没有此文件。现有文件见 {address}/public/catalog.jsonld。',
  },
  FILE_NOT_NOW: {
    code: 'LIBRARY_UNAVAILABLE',
    en: 'A library that the file is read from does not answer now.',
    zh: '该文件所需的基础库目前无应答。',
  },
  FILE_CURSOR: {
    code: 'BAD_USER_INPUT',
    en: 'after must be a cursor as a Link header of this file gave it.',
    zh: 'after 须为此文件的 Link 响应头给出的游标。',
  },
  FILE_LANGUAGE: {
    code: 'BAD_USER_INPUT',
    en: 'lang must be zh, for tables with Chinese headings and words; left out: as the schema has them.',
    zh: 'lang 须为 zh（表头和代码含义用中文）；不填则与接口模式一致。',
  },
  FILE_WHOLE: {
    code: 'BAD_USER_INPUT',
    en: 'A workbook is sent whole: it cannot be read on with after.',
    zh: '工作簿只能整份下载，不能用 after 续传。',
  },
  FILE_LIMIT: {
    code: 'BAD_USER_INPUT',
    en: 'limit must be a whole number from 1 to {number}.',
    zh: 'limit 须为 1 至 {number} 的整数。',
  },
  TOO_MANY_FILES: {
    code: 'LIBRARY_UNAVAILABLE',
    en: 'Too many files are being sent; try again.',
    zh: '正在下载的文件过多，请稍后重试。',
  },
  TOO_MANY_FILES_TO_YOU: {
    code: 'LIBRARY_UNAVAILABLE',
    en: 'Too many files are being sent to your address; try again.',
    zh: '正在向您的网络地址发送的文件过多，请稍后重试。',
  },
} as const satisfies Readonly<Record<string, Refusing>>;
