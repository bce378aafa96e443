import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../../../kernel/fault.ts'
import { compile, compileCondition, stepsRead } from './expression.ts'

/** The refusal of a source: its message and the place that it points at. */
function refusalOf(source: string, read: (source: string) => unknown = compile): Record<string, unknown> {
  try {
    read(source)
  } catch (error) {
    assert.ok(error instanceof Fault, String(error))
    assert.deepEqual(
      [error.name, error.code, error.status],
      ['WORKFLOW_VALIDATION_FAILED', 'WORKFLOW_003', 422],
    )
    return { message: error.message, ...error.details }
  }
  return { message: `${source} was accepted` }
}

/** Sources with a caret before the character to which the refusal points. */
const REFUSED: readonly (readonly [string, RegExp])[] = [
  ['^input = 1', /^An assignment is not allowed/],
  ['^input.a += 1', /^An assignment/],
  ['^input.a++', /`\+\+` or `--`/],
  ['1 + ^new Date()', /^`new` is not/],
  ['^this', /^`this` is not/],
  ['^this.constructor', /^`this` is not/],
  ['^(() => 1)()', /^Only the helpers can be called/],
  ['^input.name.trim()()', /^Only the helpers can be called/],
  ['^() => 1', /^A function that is not an argument/],
  ['[1].map(x => ^y => 1)', /^A function that is not an argument/],
  ['[^x => x]', /^A function that is not an argument/],
  ['[1].includes(^x => x)', /^A function that is not an argument/],
  ['[1].map(^async x => x)', /^An asynchronous function/],
  ['[1].map(x => ^{ 1 })', /^A function in an expression is one expression/],
  ['[1].map(^function (x) { return x })', /^A function written with/],
  ['[1].map((^x = 1) => x)', /^A default value of a parameter/],
  ['[1].map((^...x) => x)', /^A parameter for the rest/],
  ['^function () {}', /^A function written with/],
  ['^class {}', /^A class/],
  ['^input.a`c`', /^A tagged template/],
  ['^/a+/', /^A regular expression/],
  ['^/a+/.test("a")', /^A regular expression/],
  ['^10n', /BigInt/],
  ['(^1, 2)', /^A comma between expressions/],
  ['^import("fs")', /^`import\(\)`/],
  ['^import.meta', /^`import.meta`/],
  ['^void 0', /^`void` is not/],
  ['^delete input.a', /^`delete` is not/],
  ['^input instanceof input', /^`instanceof` is not/],
  ['({ ^get a() { return 1 } })', /^A getter or setter/],
  ['({ ^a() { return 1 } })', /^A method of an object/],
  ['({ ^__proto__: null })', /^`__proto__`/],
  ['({ ^"__proto__": null })', /^`__proto__`/],
  ['input.^__proto__', /^`__proto__`/],
  ['input[^"__proto__"]', /^`__proto__`/],
  ['input.^\\u005f_proto__', /^`__proto__`/],
  ['^[1, , 2]', /^An empty place in an array/],
  ['1 ^// one', /^A comment/],
  ['1 ^/* one */', /^A comment/],
  ['^process.env', /^`process` is not known here/],
  ['^globalThis', /^`globalThis` is not known/],
  ['^constructor', /^`constructor` is not known/],
  ['^arguments', /^`arguments` is not known/],
  ['^eval("1")', /^`eval` is not known/],
  ['^Function("1")', /^`Function` is not known/],
  ['^Symbol.iterator', /^`Symbol` is not known/],
  ['^Math', /can only stand before/],
  ['Math.^random()', /`Math.random` is not one of the helpers/],
  ['Object.^getPrototypeOf(input)', /is not one of the helpers/],
  ['Object.^keys', /is a function and has to be called/],
  ['Math[^"max"](1)', /only be called by its name/],
  ['[].^constructor("1")', /`constructor` is not one/],
  ['"a".^__proto__.b', /^`__proto__`/],
  ['"a"[^"trim"]()', /only be called by its name/],
  ['"a".trim^?.()', /^`\?\.\(` is not allowed/],
  ['input.name.^trm()', /`trm` is not one/],
  ['[1].^map(1)', /takes a function as its first argument/],
  ['[1].^map()', /takes a function as its first argument/],
  ['[1].^sort(null)', /takes a function as its first argument/],
  ['^now()', /`now` is a value and not a function/],
  ['1^; 2', /ends before this/],
  ['input.a ^input.b', /ends before this/],
  ['^if (true) {}', /not a JavaScript expression: Unexpected token/],
  ['1 +^', /not a JavaScript expression: Unexpected token/],
  ['^', /There is no expression/],
  ['^ \n ', /There is no expression/],
]

test('what is not part of the language is refused by name, at its character', () => {
  for (const [marked, message] of REFUSED) {
    // Only the first caret marks; none of the sources needs the operator of that name.
    const position = marked.indexOf('^')
    const source = marked.replace('^', '')
    const refusal = refusalOf(source)
    assert.match(String(refusal['message']), message, source)
    assert.equal(refusal['position'], position, source)
  }
})

test('the place counts lines and columns from 1, through all line ends, and the excerpt points at it', () => {
  const source = 'input.a &&\r\n\u2028 "😀" === vars.name &&\n\tprocess.env'
  const { line, column, position, excerpt } = refusalOf(source)
  assert.deepEqual([line, column, position], [4, 2, source.indexOf('process')])
  assert.equal(excerpt, ' process.env\n ^')
  const long = `${'1 + '.repeat(40)}nobody + ${'1 + '.repeat(40)}1`
  assert.equal(refusalOf(long)['excerpt'], `${long.slice(130, 190)}\n${' '.repeat(30)}^`)
  const { line: first, column: end, excerpt: shown } = refusalOf('1 +')
  assert.deepEqual([first, end, shown], [1, 4, '1 +\n   ^'])
})

test('an expression has at most 8,192 characters and 200 levels, whatever they are made of', () => {
  assert.equal(refusalOf(`"${'a'.repeat(8190)}"`)['message'], `"${'a'.repeat(8190)}" was accepted`)
  assert.match(String(refusalOf(`"${'a'.repeat(8191)}"`)['message']), /at most 8,192 characters/)
  assert.match(String(refusalOf(`${'1,'.repeat(60_000)}1`)['message']), /at most 8,192 characters/)
  const nested: readonly ((levels: number) => string)[] = [
    (levels) => '('.repeat(levels) + '1' + ')'.repeat(levels),
    (levels) => '!'.repeat(levels) + 'true',
    (levels) => '1' + ' + 1'.repeat(levels),
    (levels) => '2' + '**2'.repeat(levels),
    (levels) => 'input' + '.a'.repeat(levels - 1),
    (levels) => 'input' + '?.[0]'.repeat(levels / 2),
    (levels) => '1?1:'.repeat(levels / 2) + '1',
    (levels) => '{a:'.repeat(levels / 2) + '1' + '}'.repeat(levels / 2),
    (levels) => '`${'.repeat(levels) + '1' + '}`'.repeat(levels),
  ]
  for (const [index, source] of nested.entries()) {
    const ours = index === 7 ? (levels: number): string => `(${source(levels)})` : source
    assert.match(String(refusalOf(ours(198))['message']), /was accepted$/, ours(198))
    assert.match(String(refusalOf(ours(402))['message']), /^This is nested more than 200 levels/, ours(402))
  }
  for (const word of [
    'new ',
    'await ',
    'yield ',
    'async ',
    'a => ',
    'a = ',
    '-',
    '[',
    '({a:',
    'typeof ',
    '...',
  ])
    assert.doesNotMatch(String(refusalOf(word.repeat(2000).slice(0, 8000))['message']), /accepted/, word)
})

test('many parts beside each other are not levels', () => {
  compile(`[${'input.a + 1, '.repeat(400)}1]`)
  compile(`({ ${Array.from({ length: 400 }, (_, index) => `k${index}: !input.a`).join(', ')} })`)
  compile(`Math.max(${'(1), '.repeat(1000)}1)`)
})

test('a condition is written without braces, and one object is still an expression', () => {
  const { message, position } = refusalOf(' {{ input.a }}', compileCondition)
  assert.deepEqual(
    [message, position],
    ['A condition is an expression already: write it without {{ and }}.', 1],
  )
  assert.equal(refusalOf('', compileCondition)['message'], 'There is no expression.')
  compileCondition('{ a: 1 }.a === 1')
})

test('the steps that an expression reads are known by name', () => {
  const source =
    'steps.fetch.result.a + steps["parse"]?.status + steps?.fetch.error + input.list.map(input => input.x + vars.y)' +
    ' + [trigger].map(({ kind: steps }) => steps.z) + input[vars.key] + now'
  assert.deepEqual(stepsRead(compile(source)), ['fetch', 'parse'])
  assert.deepEqual(stepsRead(compile('now')), [])
})
