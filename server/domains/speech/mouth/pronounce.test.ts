import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { standardPlaces } from '../ears/library.ts'
import { pronounce } from './pronounce.ts'
import { openMouthHost } from './rig.ts'

const host = openMouthHost()
after(() => host.close())
const { signal } = new AbortController()

test('names are found as they are written, marks and capitals with them, and what is no word is left out', async () => {
  const found = await pronounce(['PAIOS', 'Café', 'O’Brien', 'x1', 'two words', '', '日本', 'house'], {
    host,
    signal,
  })
  assert.deepEqual(found, {
    PAIOS: 'P AY OW S',
    Café: 'K AH F EY',
    'O’Brien': 'OW B R AY AH N',
    house: 'HH AW S',
  })
  assert.deepEqual(await pronounce(['?'], { host, signal }), {})
})

test('more words than one job takes are refused', async () => {
  const words = Array.from({ length: 2001 }, (_, index) => `w${index}`)
  await assert.rejects(pronounce(words, { host, signal }), { reason: 'engine' })
})

const dictionary = standardPlaces()
  .models.map((folder) => `${folder}/en-us/cmudict-en-us.dict`)
  .find((file) => existsSync(file))

test(
  'of 500 words of the dictionary at most 3 % of the phones are other ones',
  { skip: dictionary === undefined && 'needs the package pocketsphinx-en-us' },
  async () => {
    const known = readDictionary(dictionary ?? '')
    const all = [...known.keys()]
    // Far from each other and the same in each run.
    const words = Array.from({ length: 500 }, (_, index) => all[(index * 7919 + 42) % all.length] ?? '')
    const found = await pronounce(words, { host, signal })
    let [mistakes, phones] = [0, 0]
    for (const word of words) {
      const said = (found[word] ?? '').split(' ')
      const best = (known.get(word) ?? [])
        .map((wanted) => ({ mistakes: mistakesBetween(said, wanted), length: wanted.length }))
        .toSorted((a, b) => a.mistakes - b.mistakes)[0]
      mistakes += best?.mistakes ?? 0
      phones += best?.length ?? 0
    }
    assert.ok(phones > 2500 && mistakes / phones < 0.03, `${mistakes} of ${phones}`)
  },
)

function readDictionary(file: string): Map<string, string[][]> {
  const known = new Map<string, string[][]>()
  for (const line of readFileSync(file, 'latin1').split('\n')) {
    const { word, phones } = /^(?<word>[a-z]+)(?:\(\d+\))? (?<phones>.+)$/u.exec(line)?.groups ?? {}
    if (word !== undefined && phones !== undefined)
      known.set(word, [...(known.get(word) ?? []), phones.split(' ')])
  }
  return known
}

function mistakesBetween(a: readonly string[], b: readonly string[]): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (const [index, phone] of a.entries()) {
    const next = [index + 1]
    for (const [at, other] of b.entries())
      next.push(
        Math.min((next[at] ?? 0) + 1, (row[at + 1] ?? 0) + 1, (row[at] ?? 0) + (phone === other ? 0 : 1)),
      )
    row = next
  }
  return row[b.length] ?? 0
}
