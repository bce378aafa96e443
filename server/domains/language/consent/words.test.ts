import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConsent } from './words.ts'

test('consent is heard in all its ways', () => {
  for (const text of [
    'yes',
    'Yes.',
    'YES!',
    ' yeah ',
    'yep, do it',
    'ok',
    'okay, go ahead',
    'yes please',
    'sure, thanks',
    'do it',
    'of course',
    'y',
    'confirmed',
    'yes, please do',
  ]) {
    assert.equal(readConsent(text), 'yes', text)
  }
})

test('refusal is heard in all its ways', () => {
  for (const text of [
    'no',
    'No!',
    'nope',
    'no thanks',
    'no, thank you',
    "don't",
    'do not',
    "no, don't do that",
    'cancel',
    'cancel that',
    'never mind',
    'nevermind',
    'forget it',
    'stop it please',
    'leave it',
    'n',
  ]) {
    assert.equal(readConsent(text), 'no', text)
  }
})

test('what only begins like consent or refusal is neither', () => {
  for (const text of [
    '',
    'yesterday',
    'yes and no',
    'yes but only the milk',
    'no milk',
    'okra',
    'surely not',
    'yes? or what',
    'cancel the meeting',
    'stop the timer',
    'nobody',
    'yes no',
    'do it again',
    'maybe',
  ]) {
    assert.equal(readConsent(text), undefined, text)
  }
})
