import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { difference } from '../server/domains/speech/ears/difference.ts'
import { findEngine } from '../server/domains/speech/ears/library.ts'
import { openDecoder } from '../server/domains/speech/ears/pocketsphinx.ts'
import { hear, hintsOf } from '../server/domains/speech/ears/rig.ts'
import { nobody, prompts } from '../server/domains/speech/people/rig.ts'
import { finish, report } from './report.ts'

/**
 * How many whole sentences of a real person are heard word by word, where these sentences are what can be said. The
 * control is the engine's own model of English, to which anything can be said.
 */
const found = findEngine()
if ('missing' in found || nobody !== false) {
  console.log(`SKIPPED: ${'missing' in found ? found.missing.problem : String(nobody)}`)
  process.exit(0)
}
/** In per cent, of whole sentences. */
const GOAL = 95
/** The control, which is slow, hears every so many. */
const CONTROL = 10

const share = (count: number, of: number): string => `${((100 * count) / of).toFixed(1)} %`
const folder = mkdtempSync(join(tmpdir(), 'paios-bench-'))
const general = await openDecoder(found.files, {})
general.addModel('general', [{ name: 'general', path: found.files.language_model, weight: 1 }])
general.use('general')
const all = prompts()
const hints = hintsOf(all.map(({ text }) => text))
const seconds = all.reduce((sum, { samples }) => sum + samples.length, 0) / 16_000
const pairs: [number, number][] = []
for (const noise_suppression of [true, false]) {
  let [whole, plain, words, wrong, otherwise, asked] = [0, 0, 0, 0, 0, 0]
  for (const [at, { text, samples }] of all.entries()) {
    const heard = await hear(samples, hints, { folder, mode: 'batch', noise_suppression }).catch(
      () => undefined,
    )
    const said = text.split(' ')
    const got = (heard?.text ?? '').split(' ')
    words += said.length
    wrong += difference(said, got)
    if (got.join(' ') === text) whole += 1
    else if ((heard?.confidence ?? 0) >= 0.8) otherwise += 1
    if (at % CONTROL !== 0) continue
    asked += 1
    general.recognise(samples)
    if (general.hypothesis()?.text === text) plain += 1
  }
  console.log(
    `${noise_suppression ? 'noise taken out' : 'as it is'}: of ${all.length} sentences (${seconds.toFixed(0)} s) ${share(whole, all.length)} whole (goal ${GOAL} %), wrong words ${share(wrong, words)}, surely heard otherwise ${otherwise}; control of ${asked}: ${share(plain, asked)} whole`,
  )
  pairs.push([1 + (100 * whole) / all.length, 1 + (100 * plain) / asked])
}
report('1 + per cent of whole sentences, with what can be said and without', pairs, { least: 1.2 })
general.free()
rmSync(folder, { recursive: true, force: true })
finish()
