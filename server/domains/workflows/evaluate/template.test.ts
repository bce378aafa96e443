import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../../../kernel/fault.ts'
import type { PointedProblem } from './place.ts'
import { findConditionProblems } from './problems.ts'
import { Reader } from './read-template.ts'
import { budget, scope } from './rig.ts'
import { TemplateError, compileTemplate, evaluateTemplate } from './template.ts'
import type { Json } from './value.ts'

const INPUT = {
  n: 5,
  text: 'hi',
  list: [1, 2],
  none: null,
  yes: false,
  braces: '{{input.n}} }}',
  object: { a: 'ü' },
}

function filled(value: Json): Json {
  return evaluateTemplate(compileTemplate(value), scope({ input: INPUT }), budget())
}

test('an expression alone keeps the type of its value, and text around it makes a text', () => {
  const pairs: readonly (readonly [string, Json])[] = [
    ['{{input.n}}', 5],
    ['{{ input.list }}', [1, 2]],
    ['{{input.none}}', null],
    ['{{input.missing}}', null],
    ['{{input.yes}}', false],
    ['{{input.object}}', { a: 'ü' }],
    [' {{input.n}}', ' 5'],
    ['{{input.n}}{{input.n}}', '55'],
    ['n={{input.n}}, {{input.text}}!', 'n=5, hi!'],
    ['[{{input.none}}{{input.missing}}]', '[]'],
    ['{{input.yes}}.', 'false.'],
    ['{{input.list}} {{input.object}}', '[1,2] {"a":"ü"}'],
    ['', ''],
    ['no expression }} here {', 'no expression }} here {'],
  ]
  for (const [template, value] of pairs) assert.deepEqual(filled(template), value, template)
})

test('the braces of an expression belong to it, wherever they are', () => {
  assert.deepEqual(filled('{{ {a: {b: 1}} }}'), { a: { b: 1 } })
  assert.deepEqual(filled('{{{a:{b:1}}}}'), { a: { b: 1 } })
  assert.equal(filled('{{ "}}" + `${"{{"}` }}'), '}}{{')
  assert.equal(filled('{{ (input.n) }}.{{\n(1)\n}}'), '5.1')
  assert.equal(filled('{{ [1].map(x => ({ x }))[0].x }}}}'), '1}}')
})

test('a backslash makes an opening into text, and data never becomes an expression', () => {
  assert.equal(filled('\\{{input.n}}'), '{{input.n}}')
  assert.equal(filled('\\{{a}} {{input.n}} \\{{'), '{{a}} 5 {{')
  assert.equal(filled('\\\\{{input.n}}'), '\\{{input.n}}')
  assert.deepEqual(filled({ a: ['\\{{', { b: '\\{{' }] }), { a: ['{{', { b: '{{' }] })
  assert.equal(filled('{{input.braces}}'), '{{input.n}} }}')
  assert.equal(filled('x{{input.braces}}'), 'x{{input.n}} }}')
})

test('texts are filled in at any depth, and keys and everything else stay as they are', () => {
  const value = {
    '{{input.n}}': '{{input.n}}',
    deep: [{ a: ['{{input.text}}', 7, null, true] }],
    same: { a: [] },
  }
  const template = compileTemplate(value)
  assert.deepEqual(evaluateTemplate(template, scope({ input: INPUT }), budget()), {
    '{{input.n}}': 5,
    deep: [{ a: ['hi', 7, null, true] }],
    same: { a: [] },
  })
  const proto = JSON.parse('{"__proto__": "{{input.n}}"}') as Json
  assert.equal(JSON.stringify(filled(proto)), '{"__proto__":5}')
})

function findProblems(value: Json, at = ''): PointedProblem[] {
  const reader = new Reader()
  reader.read(value, at, 0)
  return reader.problems
}

test('all problems of a value are found, each with its pointer and place', () => {
  const value = {
    a: '{{ }}',
    'x/y~': ['fine {{input.n}}', 'é {{ new X }} {{ never.looked.at }}'],
    b: { c: '{{input.', d: '{{input.n} }', e: '{{a b}}', f: '{{input.n // }}' },
  }
  const found = findProblems(value, '/steps/0/parameters').map(({ pointer, message, position }) => [
    pointer.replace('/steps/0/parameters', ''),
    position,
    message,
  ])
  assert.deepEqual(found, [
    ['/a', 2, 'There is nothing between {{ and }}.'],
    ['/x~1y~0/1', 5, '`new` is not allowed in an expression.'],
    ['/b/c', 8, 'This is not a JavaScript expression: Unexpected token.'],
    ['/b/d', 9, 'The expression ends before this, and }} is missing.'],
    ['/b/e', 4, 'The expression ends before this, and }} is missing.'],
    ['/b/f', 10, 'A comment is not allowed in an expression.'],
  ])
  assert.deepEqual(findProblems({ a: ['{{input.n}}', '\\{{ new', 1] }), [])
  assert.deepEqual(findConditionProblems('input.n > 1'), [])
  const [problem, ...others] = findConditionProblems('1 + proces', '/steps/0/condition')
  assert.deepEqual([problem?.pointer, problem?.column, others], ['/steps/0/condition', 5, []])
})

test('a template with a problem is refused with its pointer', () => {
  assert.throws(
    () => compileTemplate({ a: ['{{x}}'] }),
    (error) =>
      error instanceof Fault && error.code === 'WORKFLOW_003' && error.details?.['pointer'] === '/a/0',
  )
})

test('an error says in which text of the value it is, and where', () => {
  const template = compileTemplate({ a: ['ok', 'n: {{input.none.x}}'] })
  assert.throws(
    () => evaluateTemplate(template, scope({ input: INPUT }), budget()),
    (error) =>
      error instanceof TemplateError &&
      error.pointer === '/a/1' &&
      error.place.column === 17 &&
      error.message === 'There is no x to read of null.',
  )
})

test('a value has bounded expressions and depth, and all of it shares one budget', () => {
  assert.equal(filled('{{1}}'.repeat(200)), '1'.repeat(200))
  assert.match(findProblems(Array(201).fill('{{1}}') as Json)[0]?.message ?? '', /at most 200 expressions/)
  let deep: Json = '{{1}}'
  for (let level = 0; level < 65; level += 1) deep = [deep]
  assert.match(findProblems(deep)[0]?.message ?? '', /nested at most 64 deep/)
  const long = { a: '{{"a".repeat(40000)}}', b: '{{"a".repeat(40000)}}' }
  assert.throws(() => filled(long), { message: 'A result may not be larger than 65,536 bytes.' })
  const text = 'x'.repeat(200_000)
  assert.equal(filled(`${text}{{input.n}}`), `${text}5`)
})
