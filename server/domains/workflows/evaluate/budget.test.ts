import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock } from '../../../../test/clock.ts'
import { Budget, LIMITS } from './budget.ts'
import { compile, evaluate } from './expression.ts'
import { EvaluationError } from './place.ts'
import { budget, scope } from './rig.ts'
import type { Json } from './value.ts'

const LIST = Array.from({ length: 10_000 }, (_, index) => index)
const LONG = 'a'.repeat(65_536)

function spentOn(
  source: string,
  input: Json = {},
  limits = {},
): { message: string; spent: Budget; value?: Json } {
  const spent = budget(limits)
  try {
    return { message: '', spent, value: evaluate(compile(source), scope({ input }), spent) }
  } catch (error) {
    assert.ok(error instanceof EvaluationError, String(error))
    return { message: error.message, spent }
  }
}

test('every part of an expression is a step, and 10,000 are the most', () => {
  assert.equal(spentOn('1 + 1').spent.steps, 3)
  // The method, its object, and for each element the call of the function and its three parts.
  assert.equal(spentOn('[1, 2].map(x => x + 1)').spent.steps, 4 + 2 * 4)
  assert.equal(spentOn('input.map(x => x)', LIST.slice(0, 4998)).spent.steps, 9998)
  const { message, spent } = spentOn('input.map(x => x)', LIST)
  assert.equal(message, 'This takes more than 10,000 steps.')
  assert.equal(spent.steps, LIMITS.steps)
  assert.equal(spentOn('1 + 1', {}, { steps: 3 }).value, 2)
  assert.equal(spentOn('1 + 1', {}, { steps: 2 }).message, 'This takes more than 2 steps.')
})

test('texts and arrays are refused before they are made, at the first character too many', () => {
  const text = 'A text may not be longer than 65,536 characters.'
  const items = 'An array or object may not have more than 10,000 elements.'
  const pairs: readonly (readonly [string, string, string])[] = [
    ['"a".repeat(65536).length', '"a".repeat(65537).length', text],
    ['"a".padEnd(65536).length', '"a".padStart(65537).length', text],
    ['(input.long + "").length', '(input.long + "b").length', text],
    ['`${input.long}`.length', '`${input.long}.`.length', text],
    ['input.long.concat("").length', 'input.long.concat("b").length', text],
    ['input.long.replace("a", "b").length', 'input.long.replace("a", "bb").length', text],
    [
      'input.long.slice(0, 99).replaceAll("a", "b".repeat(600)).length',
      'input.long.replaceAll("a", "bb").length',
      text,
    ],
    ['input.list.slice(0, 9).join("-").length', 'input.list.join(" ".repeat(50)).length', text],
    ['String(input.list.slice(0, 9999)).length', 'String([input.list, input.list]).length', text],
    ['[...input.list].length', '[...input.list, 1].length', items],
    ['input.list.concat([]).length', 'input.list.concat(1).length', items],
    ['"a".repeat(10000).split("").length', '"a".repeat(10001).split("").length', items],
    ['input.long.split("", 9).length', 'input.long.split("a").length', items],
    ['Object.keys("a".repeat(10000)).length', 'Object.keys(input.long).length', items],
    ['[input.list].flat().length', '[input.list, [1]].flat().length', items],
  ]
  const input = { long: LONG, list: LIST }
  for (const [good, bad, message] of pairs) {
    assert.equal(spentOn(good, input).message, '', good)
    assert.equal(spentOn(bad, input).message, message, bad)
  }
})

test('a result has at most 65,536 bytes of UTF-8, however it is made up', () => {
  assert.equal(spentOn('input', 'a'.repeat(65_535)).message, '')
  const tooLarge = 'A result may not be larger than 65,536 bytes.'
  assert.equal(spentOn('input', 'a'.repeat(65_536)).message, tooLarge)
  assert.equal(spentOn('input', '😀'.repeat(16_384)).message, tooLarge)
  assert.equal(spentOn('[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16].reduce(a => [a, a], [])').message, tooLarge)
  assert.equal(
    spentOn(`[${'1,'.repeat(99)}1].reduce(a => [a], [])`).message,
    'A result may be nested at most 64 deep.',
  )
})

test('what is in memory at once is bounded, though each part of it is small enough', () => {
  const many = 'This makes too many long texts and arrays.'
  assert.equal(spentOn('input.map(x => "a".repeat(60000)).length', LIST).message, many)
  assert.equal(spentOn('input.slice(0, 17).map(x => "a".repeat(60000)).length', LIST).value, 17)
  assert.equal(spentOn('input.map(x => input.slice()).length', LIST).message, many)
  assert.ok(spentOn('input.reduce((a, x) => a + a, "aa").length', LIST).spent.made < 2 * LIMITS.made)
})

test('work on long texts costs steps before it is done, by what the worst text would cost', () => {
  const dear = 'This takes more than 10,000 steps.'
  assert.equal(spentOn('input.includes("b" + input.slice(1, 2000))', LONG).message, dear)
  assert.equal(spentOn('input.split("b" + input.slice(1, 2000)).length', LONG).message, dear)
  assert.equal(spentOn('input.replaceAll("b" + input.slice(1, 2000), "")', LONG).message, dear)
  assert.equal(spentOn('input.includes("urgent")', LONG.repeat(10)).value, false)
  assert.ok(spentOn('input === input', LONG).spent.steps > 10)
  assert.equal(
    spentOn('[1,2,3,4,5,6,7,8,9,10,11,12,13,14].reduce(a => [a, a], []).flat(Infinity).length').message,
    dear,
  )
})

test('an array within itself many times over is neither written nor flattened without end', () => {
  const doubled = '[...("a".repeat(60))].reduce(a => [a, a], [])'
  for (const source of [
    `String(${doubled})`,
    `${doubled} == 1`,
    `JSON.stringify(${doubled})`,
    `${doubled}.join("")`,
  ])
    assert.match(spentOn(source).message, /^A text may not be longer|^This takes more than/, source)
  const deep = '[...("a".repeat(100))].reduce(a => [a], [])'
  for (const source of [`String(${deep})`, `JSON.stringify(${deep})`, `${deep}.flat(Infinity)`])
    assert.match(spentOn(source).message, /nested at most 64 deep/, source)
})

test('the time of the processor ends an evaluation, and time that passed otherwise does not', () => {
  const clock = fakeClock(0)
  let worked = 0
  const slow = new Budget({ worked: () => (worked += 30) })
  const source = compile('input.map(x => x).length')
  const run = (spent: Budget): Json => evaluate(source, scope({ input: LIST.slice(0, 4000) }), spent)
  assert.throws(() => run(slow), { message: 'This takes more than 50 ms.' })
  assert.equal(worked, 90)
  clock.advance(1_000_000)
  assert.equal(run(new Budget(clock)), 4000)
})

test('several evaluations share one budget', () => {
  const shared = budget({ steps: 10 })
  const one = compile('1 + 1 + 1')
  assert.equal(evaluate(one, scope(), shared), 3)
  assert.equal(evaluate(one, scope(), shared), 3)
  assert.throws(() => evaluate(one, scope(), shared), { message: 'This takes more than 10 steps.' })
})
