import assert from 'node:assert/strict'
import { test } from 'node:test'
import { takeWakeWord } from './transcript.ts'

const WORDS = ['paios', 'house', 'hey house', 'Öko']

test('a wake word at the start is taken off, also as it was misheard, and the rest is left as it was', () => {
  const cases: readonly [string, string, string][] = [
    ['paios what is the time', 'paios', 'what is the time'],
    ['Paios, what’s up?', 'paios', 'what’s up?'],
    ['pai os what is up', 'paios', 'what is up'],
    ['hey paios lights on', 'paios', 'lights on'],
    ['hey house lights on', 'hey house', 'lights on'],
    ['hey, house: lights on', 'hey house', 'lights on'],
    ['house lights on', 'house', 'lights on'],
    ['a house for sale', '', ''],
    ['hay house', 'hey house', ''],
    ['öko an', 'Öko', 'an'],
    ['what is paios', '', ''],
    ['', '', ''],
    ['?!', '', ''],
  ]
  for (const [text, word, rest] of cases)
    assert.deepEqual(takeWakeWord(text, WORDS), word === '' ? undefined : { word, rest }, text)
})

test('without wake words, or with one of signs alone, none is found', () => {
  assert.equal(takeWakeWord('paios', []), undefined)
  assert.equal(takeWakeWord('anything', ['', '!']), undefined)
})
