import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { INPUT, inJavaScript, inOurs } from './rig.ts'

const NUMBERS = '0 -0 1 2 3.5 -1 1e21 1e-7 0.1 NaN Infinity 0x1f 1_000'.split(' ')
const TEXTS = ['', 'a', 'b', 'abc', '10', '2', ' 7 ', 'ÄÖß', '😀x', 'null', '1,2', 'İ', 'o', '$&', "$`-$'"]
const PATHS = [
  ...'a n zero text empty yes nothing list words mixed rows deep missing'
    .split(' ')
    .map((key) => `input.${key}`),
  'input.list[0]',
  'input.rows[1].k',
  'input.deep.x.y',
  'input["10"]',
  'input?.missing?.x.y',
  'vars.y',
  'vars.b',
  'input',
  'true',
  'false',
  'null',
  'undefined',
  'input.mixed[3]',
  'input.rows[9]?.k',
  'input.deep.list',
]
const OPERATORS = '+ - * / % ** == != === !== < <= > >= & | ^ << >> >>> && || ??'.split(' ')

type Text = fc.Arbitrary<string>
const known = new Map<string, Text>()

/** Expressions at most so deep, in which these names are parameters. */
function expression(depth: number, names: readonly string[]): Text {
  const key = `${depth} ${names.join(' ')}`
  const made = known.get(key) ?? make(depth, names)
  known.set(key, made)
  return made
}

function make(depth: number, names: readonly string[]): Text {
  const leaf = fc.oneof(
    fc.constantFrom(...NUMBERS),
    fc.constantFrom(...TEXTS).map((text) => JSON.stringify(text)),
    fc.constantFrom(...PATHS),
    ...(names.length === 0 ? [] : [fc.constantFrom(...names)]),
  )
  if (depth === 0) return leaf
  const any = expression(depth - 1, names)
  const name = `p${depth}`
  const inner = expression(depth - 1, [...names, name, 'i'])
  const sized = fc.constantFrom('0', '1', '2', '-1', '3', 'NaN', '"1"', 'undefined')
  const list = fc.oneof(
    fc.constantFrom('input.list', 'input.words', 'input.mixed', 'input.rows', 'input.deep.list'),
    fc.array(any, { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    any,
  )
  const texted = fc.oneof(
    fc.constantFrom('input.text', '"a-b-c"', '" ÄÖ😀 "'),
    any.map((one) => `String(${one})`),
    any,
  )
  return fc.oneof(
    leaf,
    fc.tuple(any, fc.constantFrom(...OPERATORS), any).map(([a, operator, b]) => `(${a}) ${operator} (${b})`),
    fc.tuple(fc.constantFrom('!', '-', '+', '~', 'typeof '), any).map(([operator, a]) => `${operator}(${a})`),
    fc.tuple(any, any, any).map(([a, b, c]) => `(${a}) ? (${b}) : (${c})`),
    fc.tuple(any, any).map(([a, b]) => `\`<\${${a}} \${${b}}>\``),
    fc.tuple(any, list).map(([a, b]) => `[${a}, ...(${b}), ...${JSON.stringify('o😀')}]`),
    fc.tuple(any, any, any).map(([a, b, c]) => `({ z: ${a}, 2: ${b}, [${c}]: 1, ...(${a}), 1: 0 })`),
    fc
      .tuple(any, fc.constantFrom('.length', '?.length', '.k', '?.k.v', '[0]', '?.[1]', '["x"]?.y'))
      .map(([a, path]) => `(${a})${path}`),
    fc.tuple(any, any).map(([a, b]) => `(${a})?.[(${b}) === "k" ? "k" : 0]`),
    fc.tuple(texted, textCall(any, sized)).map(([a, call]) => `(${a})${call}`),
    fc.tuple(list, listCall(any, sized)).map(([a, call]) => `(${a})${call}`),
    fc.tuple(list, functional(inner, any, name)).map(([a, call]) => `(${a})${call}`),
    fc.tuple(list, fc.constantFrom('sort', 'reverse')).map(([a, call]) => `[...(${a})].${call}()`),
    fc
      .tuple(
        any,
        fc.constantFrom('Number', 'String', 'Boolean', 'parseInt', 'parseFloat', 'isNaN', 'isFinite'),
      )
      .map(([a, call]) => `${call}(${a})`),
    fc
      .tuple(
        any,
        fc.constantFrom(
          ...'Object.keys Object.values Object.entries Array.isArray JSON.stringify Number.isInteger'.split(
            ' ',
          ),
          ...'Math.round Math.floor Math.abs Math.sign Math.trunc Math.sqrt Number.isNaN'.split(' '),
        ),
      )
      .map(([a, call]) => `${call}(${a})`),
    fc.tuple(any, any).map(([a, b]) => `Math.max(${a}, ...[${b}], 2)`),
    fc.tuple(any, sized).map(([a, b]) => `Number(${a}).toFixed(Math.abs(Number(${b})) || 0)`),
    fc.tuple(list, any).map(([a, b]) => `JSON.parse(JSON.stringify([${a}, ${b}], null, 2))`),
    list.map((a) => `Object.fromEntries((${a}).map((one, at) => [one, at]))`),
    fc.tuple(any, fc.constantFrom('input', '["a"]', 'input.deep', 'vars')).map(([a, b]) => `(${a}) in ${b}`),
  )
}

function textCall(any: Text, sized: Text): Text {
  return fc.oneof(
    fc.constantFrom(
      ...'.trim() .toLowerCase() .toUpperCase() .trimStart() .trimEnd() .split() .split("")'.split(' '),
    ),
    fc
      .tuple(fc.constantFrom('includes', 'startsWith', 'endsWith', 'indexOf', 'split', 'concat'), any)
      .map(([call, a]) => `?.${call}(${a})`),
    fc
      .tuple(fc.constantFrom('slice', 'substring', 'charAt', 'at', 'includes', 'endsWith'), sized, sized)
      .map(([call, a, b]) => `.${call}(${a}, ${b})`),
    fc
      .tuple(fc.constantFrom('replace', 'replaceAll'), any, any)
      .map(([call, a, b]) => `.${call}(${a}, ${b})`),
    fc
      .tuple(fc.constantFrom('padStart', 'padEnd'), sized, any)
      .map(([call, a, b]) => `.${call}(${a} * 4, ${b})`),
    sized.map((a) => `.repeat(${a})`),
    fc.tuple(any, sized).map(([a, b]) => `.split(${a}, ${b})`),
  )
}

function listCall(any: Text, sized: Text): Text {
  return fc.oneof(
    fc.constantFrom(
      '.flat()',
      '.flat(Infinity)',
      '.join()',
      '.toReversed()',
      '.toSorted()',
      '.toString()',
      '.length',
    ),
    fc
      .tuple(fc.constantFrom('includes', 'indexOf', 'lastIndexOf', 'join', 'concat'), any)
      .map(([call, a]) => `?.${call}(${a})`),
    fc
      .tuple(fc.constantFrom('slice', 'at', 'flat', 'concat', 'indexOf'), sized, sized)
      .map(([call, a, b]) => `.${call}(${a}, ${b})`),
  )
}

function functional(inner: Text, any: Text, name: string): Text {
  const calls = 'map filter find findIndex findLast some every flatMap'.split(' ')
  return fc.oneof(
    fc.tuple(fc.constantFrom(...calls), inner).map(([call, body]) => `.${call}((${name}, i) => (${body}))`),
    fc.tuple(inner, any).map(([body, start]) => `.reduce((${name}, i) => (${body}), ${start})`),
    inner.map((body) => `.reduce((${name}, i) => (${body}))`),
    inner.map((body) => `.toSorted((${name}, i) => (${body}))`),
    inner.map((body) => `?.map(({ k: ${name}, v: i }) => (${body}))`),
    inner.map((body) => `.map(([${name}, i]) => (${body}))`),
    fc.constantFrom(
      '.map(Number)',
      '.filter(Boolean)',
      '.map(String)',
      '.map(parseInt)',
      '.some(Array.isArray)',
    ),
  )
}

test('5,000 expressions have the value that JavaScript gives them, down to the order of keys and -0', () => {
  const frozen = JSON.stringify(INPUT)
  let valued = 0
  const compare = (source: string): void => {
    const theirs = inJavaScript(source)
    // Text keeps the order of keys, which comparing objects would not.
    assert.equal(JSON.stringify(inOurs(source)), JSON.stringify(theirs), source)
    const sign = `Object.keys([${source}]).length === 1 && 1 / (${source}) === -Infinity`
    if (theirs === 0) assert.equal(inOurs(sign), inJavaScript(sign), sign)
    if (theirs !== undefined) valued += 1
  }
  fc.assert(fc.property(expression(3, []), compare), { numRuns: 5000 })
  assert.equal(JSON.stringify(INPUT), frozen)
  assert.ok(valued > 2000, `only ${valued} of 5,000 have a value`)
})
