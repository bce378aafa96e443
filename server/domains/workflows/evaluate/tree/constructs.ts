/** What JavaScript has and an expression has not, in the words of people who write JavaScript. */
const NAMED: Readonly<Record<string, string>> = {
  ArrowFunctionExpression: 'A function that is not an argument of a helper',
  AssignmentExpression: 'An assignment',
  AssignmentPattern: 'A default value of a parameter',
  AwaitExpression: '`await`',
  ClassExpression: 'A class',
  FunctionExpression: 'A function written with `function`',
  ImportExpression: '`import()`',
  MetaProperty: '`import.meta` or `new.target`',
  NewExpression: '`new`',
  PrivateIdentifier: 'A private name',
  RestElement: 'A parameter for the rest',
  SequenceExpression: 'A comma between expressions',
  SpreadElement: '`...` at this place',
  Super: '`super`',
  TaggedTemplateExpression: 'A tagged template',
  ThisExpression: '`this`',
  UpdateExpression: '`++` or `--`',
  YieldExpression: '`yield`',
}

export function constructNamed(type: string): string {
  return NAMED[type] ?? `A ${type}`
}
