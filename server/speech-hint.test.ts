import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { SpeechFacts } from './domains/speech/index.ts'
import { speechHint } from './speech-hint.ts'

const HERE = new URL(import.meta.url).pathname
const NOTHING = { libraries: [], models: [] }

function speech(engines: Partial<SpeechFacts['engines'][number]>[]) {
  let asked = 0
  const facts = (): Promise<SpeechFacts> => {
    asked += 1
    const whole = engines.map((one) => ({
      name: 'x',
      kind: 'stt' as const,
      remote: false,
      ok: false,
      problem: '',
      ...one,
    }))
    return Promise.resolve({ engines: whole, languages: [], voices: [], wake_word: false, missing: [] })
  }
  return { facts, asked: () => asked }
}

test('where nothing hears and packages can be installed, the command is named', async () => {
  const deaf = speech([{ ok: false }, { kind: 'tts', ok: true }])
  assert.match(
    (await speechHint(deaf, { places: NOTHING, installer: HERE })) ?? '',
    /: npx paios voice install$/,
  )
})

test('nothing is said where an engine hears, the recogniser is here, or nothing can be installed', async (t) => {
  const own = speech([{ ok: false }, { ok: true }])
  assert.equal(await speechHint(own, { places: NOTHING, installer: HERE }), undefined)
  const folder = mkdtempSync(join(tmpdir(), 'paios-hint-'))
  t.after(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'en-us', 'en-us'), { recursive: true })
  const files = [
    'libsphinxbase.so.3',
    'libpocketsphinx.so.3',
    'en-us/cmudict-en-us.dict',
    'en-us/en-us.lm.bin',
  ]
  for (const file of files) writeFileSync(join(folder, file), '')
  const deaf = speech([{ ok: false }])
  assert.equal(
    await speechHint(deaf, { places: { libraries: [folder], models: [folder] }, installer: HERE }),
    undefined,
  )
  assert.equal(await speechHint(deaf, { places: NOTHING, installer: join(folder, 'none') }), undefined)
  assert.equal(deaf.asked(), 0)
})
