import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readHints } from './compile.ts'
import { indexPatterns, nearest, patternsOf } from './nearest.ts'

const PHRASES = [
  'list [all] [my|the] agents',
  'remind me to {text}',
  'remind me to {text} in {in_seconds:duration}',
  'remind me {at:time} to {text}',
  'remember that {text}',
  '{label} timer',
  'turn on agent {agent:agent}',
  'start a timer',
  'read the news',
  'read the news from {source} aloud',
  'what are my plans',
  'what are my plans [for] {day:time}',
]
const hints = readHints({
  signature: '',
  language: 'en',
  phrases: PHRASES,
  unfinished: ['start a timer'],
  names: { agent: ['Guardian'] },
  pronunciations: {},
})
const index = indexPatterns(patternsOf(hints.phrases, hints.classes))

/** The nearest phrase, how far it is, and what whoever said it has said. */
function nearestTo(text: string) {
  const { near, extent } = nearest(index, text.split(' '), 1)
  const [best] = near
  const at = hints.phrases.findIndex(({ node }) => node === best?.pattern.node)
  return [PHRASES[at], best?.edits, best?.free, extent]
}

test('the nearest phrase is the one that says most in its own words', () => {
  assert.deepEqual(nearestTo('list all my agents'), [PHRASES[0], 0, 0, 'whole'])
  assert.deepEqual(nearestTo('list all my agent'), [PHRASES[0], 1, 0, 'open'])
  assert.deepEqual(nearestTo('list of all my agents'), [PHRASES[0], 1, 0, 'open'])
  assert.deepEqual(nearestTo('egg timer'), [PHRASES[5], 0, 1, 'whole'])
  assert.deepEqual(nearestTo('turn on agent guardian'), [PHRASES[6], 0, 0, 'whole'])
  assert.deepEqual(nearestTo('turn on agent gardening'), [PHRASES[6], 1, 0, 'open'])
  assert.deepEqual(nearestTo('xylophone quartz'), [undefined, undefined, undefined, 'open'])
})

test('a command that may go on is not complete', () => {
  assert.equal(nearestTo('remind me to buy milk')[3], 'open')
  assert.equal(nearestTo('remind me tomorrow')[3], 'open')
  assert.equal(nearestTo('remind me to buy milk in twenty')[3], 'open')
  assert.equal(nearestTo('turn on agent')[3], 'open')
  assert.equal(nearestTo('remember that the spare key is under the stone')[3], 'open')
})

test('a command that others lengthen may be one of them', () => {
  assert.equal(nearestTo('read the news')[3], 'lengthen')
  assert.equal(nearestTo('read the news from')[3], 'open')
  assert.equal(nearestTo('what are my plans')[3], 'lengthen')
  assert.equal(nearestTo('what are my plans for')[3], 'open')
  // It is asked for how long: that may be said after a pause.
  assert.equal(nearestTo('start a timer')[3], 'open')
})

test('nothing and more words than anybody says are near nothing', () => {
  assert.deepEqual(nearest(index, [], 3), { near: [], extent: 'open' })
  assert.deepEqual(
    nearest(
      index,
      Array.from({ length: 91 }, () => 'list'),
      3,
    ).near,
    [],
  )
})
