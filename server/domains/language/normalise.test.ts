import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { normalise, tokenise } from './normalise.ts'

function said(text: string): string {
  return normalise(text, ['paios']).text
}

function keys(text: string): string {
  return tokenise(text)
    .map(({ key }) => key)
    .join(' ')
}

test('wake words and politeness are removed, and the rest is left as it was written', () => {
  assert.equal(said('Hey PAIOS, could you please add Milk to my List?'), 'add Milk to my List')
  assert.equal(said('paios add milk'), 'add milk')
  assert.equal(said("I'd like you to call Bob, please."), 'call Bob')
  assert.equal(said('would you mind telling me the time'), 'telling me the time')
  assert.equal(said("What's the time, paios?"), "What's the time")
  assert.equal(said("we're out of milk, I'm afraid."), "we're out of milk")
  assert.equal(said('stop the timer, will you, please?'), 'stop the timer')
  assert.equal(said('ok paios - remind me thanks'), 'remind me')
  assert.equal(normalise('computer, stop', ['paios', 'computer']).text, 'stop')
  assert.equal(normalise('my dear stop', ['my dear']).text, 'stop')
})

test('what only looks like padding is kept', () => {
  for (const text of ['can you', 'could you please', 'hey paios', 'please', 'say "please"']) {
    assert.equal(said(text), text)
  }
  assert.equal(said('remember to say please'), 'remember to say please')
  assert.equal(said('write "come home, please"'), 'write "come home, please"')
  assert.equal(said('text bob many thanks'), 'text bob many thanks')
  assert.equal(said('tell me about paios'), 'tell me about paios')
  assert.equal(said('no thanks'), 'no')
  assert.equal(said('remember that he is right, I think'), 'remember that he is right, I think')
  assert.equal(said('add what I think'), 'add what I think')
})

test('closing punctuation goes only where it means nothing', () => {
  assert.equal(said('wake me at 5 p.m.'), 'wake me at 5 p.m.')
  assert.equal(said('what is 5!'), 'what is 5!')
  assert.equal(said('please calculate (3 + 4) * 2?'), 'calculate (3 + 4) * 2')
  assert.equal(said('remember "all of this."'), 'remember "all of this."')
  assert.equal(said('remember line one\r\nline two'), 'remember line one\nline two')
})

test('words are compared without case, contractions, hyphens and punctuation', () => {
  assert.equal(keys("What's on my To-Do list?"), 'what is on my to do list')
  assert.equal(
    keys("don't can't won't I'm they're I'd let's whats"),
    'do not can not will not i am they are i would let us what is',
  )
  assert.equal(keys("mum's birthday at five o'clock"), 'mums birthday at five oclock')
  assert.equal(keys('agent 3,remind me: 2,340.50 (20%)'), 'agent 3 remind me 2,340.50 20%')
  assert.equal(keys('-5 .5 - 3 #tag @home 5 p.m.'), '-5 .5 3 #tag @home 5 pm')
  assert.equal(keys('«hi» ¿qué? ... !!'), 'hi qué')
})

test('letters of two alphabets in one word never make it equal to a name', () => {
  assert.equal(keys('ＮＯＴＥＳ'), 'notes')
  assert.notEqual(keys('n\u043etes'), 'notes')
  assert.notEqual(keys('\u0440\u0430ios'), 'paios')
  assert.equal(normalise('p\u0430ios add milk', ['paios']).text, 'p\u0430ios add milk')
})

test('invisible characters are removed, except those that shape emoji and other scripts', () => {
  assert.equal(keys(normalise('no\u200btes\u0000 a\u200ddd\u202e', []).text), 'notes add')
  assert.equal(
    said('tag \u{1f468}\u200d\u{1f469}\u200d\u{1f467} home'),
    'tag \u{1f468}\u200d\u{1f469}\u200d\u{1f467} home',
  )
  assert.equal(
    said('\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645'),
    '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645',
  )
})

test('a very long text is kept whole and read in part', () => {
  const text = `remember ${'word '.repeat(10_000)}please`
  const utterance = normalise(text, [])
  assert.equal(utterance.text, text)
  assert.ok(utterance.tokens.length < 4_100)
})

test('each word points at its place in the text, for any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
      const utterance = normalise(text, ['paios'])
      let last = 0
      for (const { start, end } of utterance.tokens) {
        assert.ok(start >= last && end >= start && end <= utterance.text.length)
        last = end
      }
      assert.deepEqual(utterance.tokens, tokenise(utterance.text))
    }),
    { numRuns: 2_000, seed: 3 },
  )
})
