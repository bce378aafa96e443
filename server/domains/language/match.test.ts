import assert from 'node:assert/strict'
import { test } from 'node:test'
import { explained, remembering } from './match.ts'
import type { Accepts } from './match.ts'
import { normalise } from './normalise.ts'
import { compileAll, compileTemplate, matchTemplate } from './template.ts'

/** `number` is closed: digits alone; `any` takes everything. */
const accepts: Accepts = (type, text) => (type === 'number' ? /^\d+$/.test(text) : true)

function match(phrase: string, text: string, with_accepts: Accepts = accepts) {
  return matchTemplate(compileTemplate(phrase), normalise(text, []), with_accepts)
}

/** Words matched literally, words in closed slots, and slots that were refused. */
function counts(phrase: string, text: string): number[] | undefined {
  const found = match(phrase, text)
  return found && [found.literal_tokens, found.typed_tokens, found.refused]
}

test('literal words and the words of closed slots are counted, those of open slots are not', () => {
  assert.deepEqual(counts('wait {n:number} minutes', 'wait 5 minutes'), [2, 1, 0])
  assert.deepEqual(counts('wait {n} minutes', 'wait 5 minutes'), [2, 0, 0])
  // What takes anything proves nothing by what it took.
  assert.deepEqual(counts('wait {n:any} minutes', 'wait 5 minutes'), [2, 0, 0])
  assert.deepEqual(counts('wait [for] {n:number}', 'wait for 5'), [2, 1, 0])
})

test('a closed slot that does not resolve is refused, and each of them is counted', () => {
  assert.deepEqual(counts('wait {n:number} minutes', 'wait many minutes'), [2, 0, 1])
  assert.deepEqual(counts('{a:number} and {b:number}', 'x and y'), [1, 0, 2])
  assert.deepEqual(counts('{a:number} and {b:number}', '1 and y'), [1, 1, 1])
  assert.equal(counts('wait {n:number} minutes', 'wait minutes'), undefined)
})

test('of several ways the one with the fewest refused slots wins, before any number of words', () => {
  const found = match('take {what} [and {n:number}]', 'take 5 and 7 and all')
  assert.deepEqual([found?.refused, found?.captures['what']?.text], [0, '5 and 7 and all'])
  const both = match('take {what} [and {n:number}]', 'take 5 and 7')
  assert.deepEqual([both?.captures['what']?.text, both?.captures['n']?.text], ['5', '7'])
})

function explains(literal_tokens: number, typed_tokens: number): number {
  return explained({ captures: {}, literal_tokens, typed_tokens, refused: 0 })
}

test('a literal word explains a little more than a word in a closed slot, and both more than an open one', () => {
  assert.ok(explains(2, 0) > explains(1, 1) && explains(1, 1) > explains(1, 0))
  assert.ok(explains(0, 2) > explains(1, 0))
})

test('templates come in the order: fewest refused, most explained, then as they were given', () => {
  const index = compileAll(
    [
      'set {x}',
      'set {x} to {n:number}',
      'set {x} to {y}',
      'set light to {n:number}',
      'set {y} to {x}',
      '{x} to 5',
      'set light to 5',
    ].map((phrase) => ({ phrase, id: phrase })),
  )
  const found = (text: string) => index.match(normalise(text, []), accepts).map(({ id }) => id)
  assert.deepEqual(found('set light to 5'), [
    'set light to 5',
    'set light to {n:number}',
    'set {x} to {n:number}',
    'set {x} to {y}',
    'set {y} to {x}',
    '{x} to 5',
    'set {x}',
  ])
  assert.deepEqual(found('set light to red').slice(0, 3), ['set {x} to {y}', 'set {y} to {x}', 'set {x}'])
  assert.deepEqual(found('set light to red').slice(3), ['set light to {n:number}', 'set {x} to {n:number}'])
})

test('an open slot does not reach over the words that the phrase ends with', () => {
  assert.equal(match('is {what} open', 'is it open now'), undefined)
  assert.equal(match('is {what} open', 'what is it that is open'), undefined)
  assert.equal(match('is {what} open', 'is open'), undefined)
  assert.equal(match('is {what} open', 'is the shop open')?.captures['what']?.text, 'the shop')
})

test('alternatives may fill one name, by whichever is said', () => {
  const phrase = '(at {when:number}|in {when}) [please] go'
  assert.equal(match(phrase, 'at 5 go')?.captures['when']?.text, '5')
  assert.equal(match(phrase, 'in a while go')?.captures['when']?.text, 'a while')
  assert.deepEqual(Object.keys(match(phrase, 'in a while go')?.captures ?? {}), ['when'])
})

test('a slot right after an open one is asked whether it shows by itself what it is', () => {
  const asked: [string, boolean][] = []
  const noting: Accepts = (_type, text, unannounced) => {
    if (text.length > 1) asked.push([text, unannounced])
    return true
  }
  match('read {text} {at:time}', 'read it now', noting)
  assert.deepEqual(asked, [['now', true]])
  asked.length = 0
  match('read {text} at {at:time}', 'read it at now', noting)
  assert.deepEqual(asked, [['now', false]])
  asked.length = 0
  match('read {text} [at] {at:time}', 'read it now', noting)
  assert.ok(asked.every(([, unannounced]) => unannounced))
})

function words(count: number): string {
  return Array.from({ length: count }, () => 'x').join(' ')
}

test('a typed slot takes at most 64 words, and an open one any number', () => {
  assert.equal(match('say {n:any} end', `say ${words(64)} end`)?.refused, 0)
  assert.equal(match('say {n:any} end', `say ${words(65)} end`)?.refused, 1)
  assert.equal(match('say {n} end', `say ${words(3_000)} end`)?.refused, 0)
})

test('of a long text a typed slot takes at most 8 words, and a list still all of them', () => {
  const rest = words(500)
  assert.equal(match('{n:any} end {rest}', `${words(8)} end ${rest}`)?.refused, 0)
  assert.equal(match('{n:any} end {rest}', `${words(9)} end ${rest}`)?.refused, 1)
  const listed = match('add {what:items} to my list', `add ${words(3_000)} to my list`)
  assert.equal(listed?.captures['what']?.text.split(' ').length, 3_000)
})

test('the same question is asked once, and after 500 the answer is no', () => {
  let count = 0
  const once = remembering(() => {
    count += 1
    return true
  })
  assert.ok(once('time', 'six', false) && once('time', 'six', false))
  assert.equal(count, 1)
  assert.ok(once('time', 'six', true) && once('day', 'six', false))
  assert.equal(count, 3)
  for (let number = 3; number < 500; number += 1) assert.ok(once('time', String(number), false))
  assert.equal(once('time', 'one more', false), false)
  assert.equal(once('time', 'six', false), true)
  assert.equal(count, 500)
})

test('a match says where in the text each slot is, as the user wrote it', () => {
  const found = match('add {what} to {list}', 'Add  “Mum’s Café”  to  (My List)!')
  assert.deepEqual(found?.captures['what']?.text, 'Mum’s Café')
  assert.deepEqual(found?.captures['list']?.text, '(My List)')
})

test('no template matches nothing, and no index of templates finds anything in it', () => {
  for (const text of ['', ' ', '...', '!?']) {
    assert.equal(match('[please] add {what}', text), undefined)
    assert.deepEqual(compileAll([{ phrase: 'a', id: 1 }]).match(normalise(text, [])), [])
  }
  assert.deepEqual(compileAll([]).match(normalise('add milk', [])), [])
})
