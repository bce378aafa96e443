import assert from 'node:assert/strict'
import { test } from 'node:test'
import { writeArpa } from './arpa.ts'
import { compileHints, readHints } from './compile.ts'
import { writeGrammar } from './grammar.ts'
import { readPhrase } from './phrase.ts'
import { GAP } from './sample.ts'
import { spellOut } from './spell.ts'
import { wordsOf } from './words.ts'

const HINTS = {
  signature: 's',
  language: 'en',
  phrases: ['list [my] agents', 'call {who:agent}'],
  names: {},
  pronunciations: {},
}
const LEXICON = new Map([
  ['list', ['L IH S T']],
  ['my', ['M AY']],
  ['agents', ['EY JH AH N T S']],
  ['call', ['K AO L']],
  ['milk', ['M IH L K']],
])
const SOURCES = { general: new Map([['milk', 0.01]]), lexicon: LEXICON, pronounce: spellOut }

test('text becomes the words in which it is said', () => {
  const table: [text: string, words: string][] = [
    ["What's on at 7:30?", "what's on at seven thirty"],
    ['Café Zoë & Søn', 'cafe zoe and son'],
    ['120 kph, 007, 1234567', 'one hundred twenty kph zero zero seven one two three four five six seven'],
    ['50 % of 1,000', 'fifty percent of one zero zero zero'],
    ["the boys' room 'quoted'", "the boys' room quoted"],
    ['東京 🎉', ''],
    ['', ''],
  ]
  for (const [text, words] of table) assert.equal(wordsOf(text).join(' '), words, text)
})

test('a phrase that is none is left out, whoever wrote it', () => {
  const bad = [
    '(open',
    'close]',
    '{Slot',
    'a|b',
    '[[[',
    'x'.repeat(501),
    `${'('.repeat(30)}a${')'.repeat(30)}`,
  ]
  for (const phrase of bad) assert.equal(readPhrase(phrase), undefined, phrase)
  const { phrases } = readHints({ ...HINTS, phrases: [...bad, 'list agents'] })
  assert.deepEqual(
    phrases.map(({ phrase }) => phrase),
    ['list agents'],
  )
})

test('the same hints compile to the same model, and other names to another', () => {
  const [one, two] = [compileHints(HINTS, SOURCES), compileHints(HINTS, SOURCES)]
  assert.deepEqual(one, two)
  const named = compileHints({ ...HINTS, names: { agent: ['Zorblax'] } }, SOURCES)
  assert.ok(named.arpa.includes('call zorblax') && !one.arpa.includes('zorblax'))
  assert.match(named.dictionary, /^zorblax [A-Z ]+$/m)
})

test('a pronunciation that is given comes before the one that is known', () => {
  const { dictionary } = compileHints({ ...HINTS, pronunciations: { Call: 'K AA L' } }, SOURCES)
  assert.match(dictionary, /^call K AA L\ncall\(2\) K AO L$/m)
})

test('names cannot write into the grammar or the dictionary', () => {
  const evil = ['a; public <x> = b;', '(((', 'two\nwords K AE T', '{x}', '<s>']
  const { dictionary, arpa } = compileHints({ ...HINTS, names: { agent: evil } }, SOURCES)
  assert.deepEqual(
    dictionary.split('\n').filter((line) => line !== '' && !/^[a-z']+(?:\(\d\))? [A-Z ]+$/.test(line)),
    [],
  )
  assert.equal(arpa.match(/<s>$/gm), null)
})

test('what follows a context, with what is left for all else, is likely once in sum', () => {
  const general = new Map([
    ['milk', 0.5],
    ['bread', 0.5],
  ])
  const arpa = writeArpa(
    [
      ['buy', 'milk'],
      ['buy', 'eggs'],
      ['buy', GAP],
      ['sell', GAP],
    ],
    general,
  )
  const grams = new Map(
    arpa.split('\n').flatMap((line): [string, [number, number]][] => {
      const [log, ...rest] = line.split(' ')
      if (log === undefined || !/^-?\d/.test(log)) return []
      const open = /^-?\d/.test(rest.at(-1) ?? '') ? Number(rest.pop()) : 0
      return [[rest.join(' '), [10 ** Number(log), 10 ** open]]]
    }),
  )
  const vocabulary = [...grams.keys()].filter((gram) => !gram.includes(' ') && gram !== '<s>')
  for (const context of ['buy', '<s>', 'sell']) {
    const open = grams.get(context)?.[1] ?? 1
    const sum = vocabulary.reduce(
      (total, word) => total + (grams.get(`${context} ${word}`)?.[0] ?? open * (grams.get(word)?.[0] ?? 0)),
      0,
    )
    assert.ok(Math.abs(sum - 1) < 0.01, `${context}: ${sum}`)
  }
})

const known = (word: string) => ['list', 'agents', 'buy', 'milk'].includes(word)

test('a grammar has the words that are known alone', () => {
  const { phrases, classes } = readHints({
    ...HINTS,
    phrases: ['list [your] agents', 'buy {what}', 'frobnicate it'],
  })
  const nodes = phrases.map(({ node }) => node)
  const grammar = writeGrammar(nodes, classes, ['buy', 'milk', 'frob'], known) ?? ''
  assert.match(grammar, /<command> = \(list agents \| buy <c_text>\);/)
  assert.match(grammar, /<c_text> = \(buy \| buy milk \| milk\);/)
  assert.equal(
    writeGrammar(nodes, classes, [], () => false),
    undefined,
  )
})
