import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { START, openTestApp } from '../../../../test/app.ts'
import { TONGUES } from './known.ts'
import { plain } from './rewrite.ts'
import type { TongueCode } from './tongue.ts'

const opened = await openTestApp()
const { user_id } = await opened.claim()
after(() => opened.remove())

interface Sentence {
  text: string
  agent?: number
  action?: string
}

function sentencesIn(code: TongueCode): Sentence[] {
  const file = new URL(`${code}/sentences.jsonl`, import.meta.url)
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Sentence)
}

/** Where a sentence goes by its words; a guess, which is asked about first, goes nowhere. */
async function placeOf(text: string, language?: string): Promise<string | undefined> {
  const heard = { text, now: START, time_zone: 'Europe/Berlin', wake_words: ['paios'] }
  const alone = { active_agent: undefined, only_agent: undefined, language }
  const { meaning, tier } = await opened.app.language.understand(user_id, { ...heard, ...alone })
  return meaning === undefined || tier !== 'template' ? undefined : `${meaning.agent_number} ${meaning.name}`
}

function wantedOf({ agent, action }: Sentence): string | undefined {
  return agent === undefined ? undefined : `${agent} ${action}`
}

async function wrongOf(code: TongueCode, change: (text: string) => string, language?: string) {
  const wrong: string[] = []
  for (const one of sentencesIn(code))
    if ((await placeOf(change(one.text), language)) !== wantedOf(one)) wrong.push(one.text)
  return wrong
}

const asIs = (text: string): string => text
/** Umlauts as they are spelt without: "Muell". */
const spelt = (text: string): string =>
  text.replaceAll(/[äöüÄÖÜ]/gu, (letter) => `${plain(letter)}e`).replaceAll('ß', 'ss')

for (const { code } of TONGUES) {
  test(`what is said in ${code} goes where it belongs, whatever language is set, and nothing else goes anywhere`, async () => {
    assert.deepEqual(await wrongOf(code, asIs), [])
    assert.deepEqual(await wrongOf(code, asIs, code), [])
  })
}

test('umlauts and accents may be left out', async () => {
  assert.deepEqual(await wrongOf('de', spelt), [])
  assert.deepEqual(await wrongOf('de', plain), [])
  assert.deepEqual(await wrongOf('es', plain), [])
})

test('an English sentence stays English where another language is set', async () => {
  for (const code of ['de', 'es-MX']) {
    assert.equal(await placeOf('remind me at six to call home', code), '3 remind')
    assert.equal(await placeOf('add milk and eggs to my shopping list', code), '4 add')
    assert.equal(await placeOf('stop', code), '0 stop')
  }
})

test('who is asked is named in the language, and only that one may answer', async () => {
  assert.equal(await placeOf('Agent drei, was steht morgen an'), '3 agenda')
  assert.equal(await placeOf('agente número cuatro: añade pan'), '4 add')
  assert.equal(await placeOf('Notizen, merk dir, dass Tom Nüsse hasst'), '2 remember')
  assert.equal(await placeOf('Agent fünf, merk dir, dass Tom Nüsse hasst'), undefined)
  assert.equal(await placeOf('Agent achtundneunzig, was steht morgen an'), undefined)
})
