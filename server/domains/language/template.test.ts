import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { normalise } from './normalise.ts'
import { parseDuration } from './slots/duration.ts'
import { isTime } from './slots/time.ts'
import type { Match } from './template.ts'
import { TemplateError, compileAll, compileTemplate, matchTemplate } from './template.ts'

function accepts(slot_type: string, text: string, unannounced: boolean): boolean {
  if (slot_type === 'time') return isTime(text, unannounced)
  return slot_type === 'duration' ? parseDuration(text) !== undefined : text !== ''
}

function match(phrase: string, text: string): Match | undefined {
  return matchTemplate(compileTemplate(phrase), normalise(text, []), accepts)
}

/** The captured texts, or undefined when the phrase does not match. */
function captures(phrase: string, text: string): Record<string, string> | undefined {
  const found = match(phrase, text)
  return (
    found && Object.fromEntries(Object.entries(found.captures).map(([name, { text: own }]) => [name, own]))
  )
}

test('words, options and alternatives match in any nesting, and nothing else does', () => {
  const phrase = '(show|give me) [all [of]] my (notes|to do list)'
  for (const text of ['show my notes', 'Give me all of my To-Do list!', 'show all my notes']) {
    assert.ok(match(phrase, text), text)
  }
  for (const text of ['show notes', 'show my notes now', 'show of my notes', 'my notes', '']) {
    assert.equal(match(phrase, text), undefined, text)
  }
})

test('slots take the words of the user as they were written', () => {
  assert.deepEqual(
    captures(
      'remind me [to] {what} (at|in) {when:time}',
      'Remind me to meet Bob at the Café at half past seven',
    ),
    {
      what: 'meet Bob at the Café',
      when: 'half past seven',
    },
  )
  assert.deepEqual(captures('remember {text}', 'remember "all of this"'), { text: 'all of this' })
  assert.deepEqual(captures('remember {text}', 'remember "this" and "that"'), { text: '"this" and "that"' })
  assert.deepEqual(captures('(calculate|what is) {sum}', "what's (3 + 4) * 2?"), { sum: '(3 + 4) * 2' })
  assert.deepEqual(captures('open {url}', 'open https://a-b.example/x-y, please'), {
    url: 'https://a-b.example/x-y',
  })
  const found = match('add {item} to {list}', 'add  Milk  to Food')
  assert.deepEqual(found?.captures['item'], { text: 'Milk', start: 5, end: 9 })
})

test('a slot takes at least one word', () => {
  assert.equal(match('remember {text}', 'remember'), undefined)
  assert.equal(match('move {a} to {b}', 'move to work'), undefined)
})

test('of several splits the one whose typed slots can be read wins, then the last literal word', () => {
  assert.deepEqual(captures('{what} at {when:time}', 'dinner at six at the bar'), {
    what: 'dinner at six',
    when: 'the bar',
  })
  assert.equal(match('{what} at {when:time}', 'dinner at six at the bar')?.refused, 1)
  assert.deepEqual(captures('meet {whom} at {when:time} at {place}', 'meet bob at six at the bar'), {
    whom: 'bob',
    when: 'six',
    place: 'the bar',
  })
  assert.deepEqual(captures('meet {whom} at {where}', 'meet bob at the bar at the pier'), {
    whom: 'bob at the bar',
    where: 'the pier',
  })
  assert.deepEqual(captures('{what} {when:time}', 'lunch tomorrow at noon'), {
    what: 'lunch',
    when: 'tomorrow at noon',
  })
})

test('what follows an open slot must show by itself that it is of its type', () => {
  const phrase = 'remind me to {text} {at:time}'
  assert.equal(match(phrase, 'remind me to read chapter five')?.refused, 1)
  assert.deepEqual(captures(phrase, 'remind me to read chapter five at six'), {
    text: 'read chapter five',
    at: 'at six',
  })
})

test('the most specific of many templates comes first', () => {
  const index = compileAll([
    { phrase: 'remind me to {text}', id: 'bare' },
    { phrase: 'remind me to {text} (at|on|by) {at:time}', id: 'at' },
    { phrase: 'remind me to {text} {at:time}', id: 'when' },
    { phrase: 'remind me to {text} in {seconds:duration}', id: 'in' },
    { phrase: 'stop', id: 'stop' },
  ])
  const best = (text: string): string | undefined => index.match(normalise(text, []), accepts)[0]?.id
  assert.equal(best('remind me to call mum'), 'bare')
  assert.equal(best('remind me to call mum at six'), 'at')
  assert.equal(best('remind me to call mum tomorrow at six'), 'when')
  assert.equal(best('remind me to call mum in ten minutes'), 'in')
  assert.equal(best('remind me to read chapter five'), 'bare')
  assert.equal(best('stop'), 'stop')
  assert.equal(best('do not stop'), undefined)
})

test('an index finds what each template finds alone, in the given order of equals', () => {
  const words = ['add', 'my', 'list', 'to', 'milk', 'at', 'show']
  const phrases = [
    'add {x}',
    '[show] my {x}',
    '(add|show) {x} to {y}',
    'show [my] list',
    '{x} at {y}',
    '{x:any} list',
    'add milk',
    'add {y}',
  ]
  const index = compileAll(phrases.map((phrase) => ({ phrase, id: phrase })))
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...words), { maxLength: 7 }), (said) => {
      const utterance = normalise(said.join(' '), [])
      const alone = phrases.filter((phrase) => match(phrase, said.join(' ')) !== undefined)
      const found = index.match(utterance, accepts).map(({ id }) => id)
      assert.deepEqual(found.toSorted(), alone.toSorted())
    }),
    { numRuns: 1_000, seed: 2 },
  )
  assert.deepEqual(
    index.match(normalise('add milk', [])).map(({ id }) => id),
    ['add milk', 'add {x}', 'add {y}'],
  )
})

test('the matcher agrees with trying every split, for any sentence of a phrase', () => {
  const word = fc.constantFrom('a', 'b', 'at', 'to')
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), (words) => {
      const text = words.join(' ')
      const pattern = /^a (?<x>\S+(?: \S+)*)(?: at (?<y>\S+(?: \S+)*))?$/u
      const expected = pattern.exec(text) !== null
      const found = match('a {x} [at {y}]', text)
      assert.equal(found !== undefined, expected, text)
      for (const { text: own, start, end } of Object.values(found?.captures ?? {})) {
        assert.equal(text.slice(start, end), own)
      }
    }),
    { numRuns: 1_000, seed: 4 },
  )
})

test('a bad phrase is refused with the place of the mistake', () => {
  const rows: [string, number][] = [
    ['', 0],
    ['add [milk', 4],
    ['add milk)', 8],
    ['add (milk|)', 10],
    ['add {Milk}', 4],
    ['add {item', 4],
    ['add } it', 4],
    ['add | it', 4],
    ['add ()', 5],
    ['{anything}', 0],
    ['[please] {anything}', 0],
    ['{a} to {a}', 0],
    ['{a} {b} {c} {d} {e} {f} {g} {h} {i} x', 32],
    ['[a] [b] [c] [d] [e] [f] [g] [h] x', 0],
    [`${'('.repeat(30)}a${')'.repeat(30)}`, 20],
    [`a ${'b'.repeat(500)}`, 500],
  ]
  for (const [phrase, position] of rows) {
    assert.throws(
      () => compileTemplate(phrase),
      (error) => error instanceof TemplateError && error.position === position,
      phrase,
    )
  }
  assert.ok(compileTemplate('(at {when}|in {when}) go'))
})

test('any phrase either compiles or is refused as a bad one', () => {
  const piece = fc.constantFrom('a', 'b ', '{x}', '{y:time}', '[', ']', '(', ')', '|', '{', '}', ' ')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      try {
        const template = compileTemplate(pieces.join(''))
        matchTemplate(template, normalise('a b at a', []), accepts)
      } catch (error) {
        assert.ok(error instanceof TemplateError)
      }
    }),
    { numRuns: 3_000, seed: 9 },
  )
})

test('a hostile sentence is matched with a bounded number of questions', () => {
  let asked = 0
  const counting = (): boolean => {
    asked += 1
    return false
  }
  const template = compileTemplate('remember {a:time} {b:time} at {c:time} {d}')
  matchTemplate(template, normalise(`remember ${'at '.repeat(6_000)}`, []), counting)
  assert.ok(asked <= 500)
})

test('a colon in a phrase that begins with a slot must be said, and elsewhere it need not', () => {
  const first = compileTemplate('{list} list: {items}')
  const reads = (text: string) => matchTemplate(first, normalise(text, []))?.captures['list']?.text
  for (const text of ['camping list: rope', 'camping list - rope', '"camping list": rope'])
    assert.equal(reads(text)?.replace('"', ''), 'camping', text)
  for (const text of ['Schindler’s List made me weep', 'camping list rope: two', 'camping: list rope'])
    assert.equal(reads(text), undefined, text)
  assert.ok(matchTemplate(compileTemplate('note: {text}'), normalise('note the bike is blue', [])))
})
