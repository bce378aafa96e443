import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stem } from './stem.ts'

test('forms of one word have one stem', () => {
  const families = [
    'boiler boilers',
    'service services serviced servicing',
    'paint paints painted painting paintings',
    'company companies',
    'city cities',
    'hop hopped hopping',
    'hope hoped hoping hopes',
    'allergy allergies',
    'happy happiness',
    'adopt adopted adopting adoption',
    'buy buys bought buying',
    'go goes going went gone',
    'child children',
    'knife knives',
    'run ran running',
    'argue argued arguing',
  ]
  for (const family of families) {
    const stems = new Set(family.split(' ').map(stem))
    assert.equal(stems.size, 1, `${family}: ${[...stems].join(' ')}`)
  }
})

test('other words keep their own stems', () => {
  for (const words of [
    'bread broad',
    'sing song',
    'plan plane',
    'hop hope',
    'cat cattle',
    'news new',
    'bus but',
  ])
    assert.equal(new Set(words.split(' ').map(stem)).size, 2, words)
})

test('the published examples of the algorithm come out as published', () => {
  const published: Record<string, string> = {
    consignment: 'consign',
    consistency: 'consist',
    consolatory: 'consolatori',
    knightly: 'knight',
    kneeling: 'kneel',
    generously: 'generous',
    caresses: 'caress',
    cried: 'cri',
    ties: 'tie',
    gas: 'gas',
    gaps: 'gap',
    luxuriated: 'luxuri',
    digitizer: 'digit',
    rational: 'ration',
    radically: 'radic',
  }
  for (const [word, expected] of Object.entries(published)) assert.equal(stem(word), expected, word)
})

test('numbers, other scripts and short words stay as they are; a German plural finds its singular', () => {
  for (const word of ['', 'a', 'as', '2026', 'kx99', '日本語', '🦊', 'в', 'שלום'])
    assert.equal(stem(word), word)
  assert.equal(stem('straßen'), stem('straße'))
})
