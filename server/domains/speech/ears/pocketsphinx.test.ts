import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { SpeechError } from '../kinds.ts'
import { findEngine, missing, standardPlaces } from './library.ts'
import type { EngineFiles } from './library.ts'
import { openDecoder } from './pocketsphinx.ts'
import { lacking as skip, say } from './rig.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'paios-engine-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const WORDS = path.join(folder, 'few.dict')
writeFileSync(WORDS, 'stop S T AA P\nundo AH N D UW\nthat DH AE T\n')

function files(): EngineFiles {
  const found = findEngine()
  if ('missing' in found) throw new Error(found.missing.problem)
  return found.files
}

test('what lacks is said with the command that installs it', () => {
  const empty = { libraries: [folder], models: [folder] }
  assert.deepEqual(missing(empty), {
    problem:
      'The speech recogniser and its model of English are not installed (libpocketsphinx3, pocketsphinx-en-us).',
    remedy: 'apt-get install libpocketsphinx3 pocketsphinx-en-us',
  })
  const libraries = path.join(folder, 'lib')
  mkdirSync(libraries)
  writeFileSync(path.join(libraries, 'libsphinxbase.so.3.0.0'), '')
  assert.match(missing({ ...empty, libraries: [libraries] })?.problem ?? '', /^The speech recogniser and/)
  writeFileSync(path.join(libraries, 'libpocketsphinx.so.3'), '')
  const model = missing({ ...empty, libraries: [libraries] })
  assert.equal(model?.remedy, 'apt-get install pocketsphinx-en-us')
  assert.ok(standardPlaces('arm64').libraries.includes('/usr/lib/aarch64-linux-gnu'))
})

test('a file that is no library is said to be missing, and does not end the process', async () => {
  const bad = path.join(folder, 'bad.so')
  writeFileSync(bad, 'no library')
  const wrong = { base: bad, decoder: bad, acoustic: '', dictionary: '', language_model: '' }
  await assert.rejects(
    openDecoder(wrong, {}),
    (error) => error instanceof SpeechError && error.reason === 'missing',
  )
})

test('settings, names, words and files that the engine would fall over are refused', { skip }, async () => {
  await assert.rejects(openDecoder(files(), { nonsense: 1 }), SpeechError)
  await assert.rejects(openDecoder({ ...files(), acoustic: folder }, {}, WORDS), SpeechError)
  const decoder = await openDecoder(files(), {}, WORDS)
  const refused: (() => void)[] = [
    () => decoder.addGrammar('Bad Name', '#JSGF V1.0;'),
    () => decoder.addGrammar('bad', 'no grammar'),
    () => decoder.addGrammar('bad', '#JSGF V1.0;\ngrammar g;\npublic <x> = unknownword;'),
    () => decoder.addGrammar('bad', ' '.repeat(4_000_001)),
    () => decoder.addModel('bad', []),
    () => decoder.addModel('bad', [{ name: 'x', path: path.join(folder, 'absent.lm'), weight: 1 }]),
    () => decoder.addKeyphrase('bad', 'stop unknownword'),
    () => decoder.addWord('two words', 'AH', false),
    () => decoder.addWord('word', 'QQ', false),
    () => decoder.addWord('word', '', false),
    () => decoder.removeSearch('absent'),
    () => decoder.use('absent'),
    () => decoder.write(new Int16Array(10)),
    () => decoder.end(),
  ]
  for (const [number, act] of refused.entries()) assert.throws(act, SpeechError, String(number))
  decoder.free()
  decoder.free()
  assert.throws(() => decoder.start(), SpeechError)
})

test('what was heard before changes nothing of how the same sound is heard', { skip }, async () => {
  const decoder = await openDecoder(files(), {}, WORDS)
  decoder.addGrammar('g', '#JSGF V1.0;\ngrammar g;\npublic <x> = stop that | undo that;')
  decoder.use('g')
  const samples = await say('undo that')
  decoder.recognise(samples)
  const first = decoder.hypothesis()?.score
  decoder.recognise(
    Int16Array.from({ length: 32_000 }, (_, at) => Math.round(6_000 * Math.sin(at * at * 0.11))),
  )
  decoder.recognise(samples)
  assert.equal(decoder.hypothesis()?.score, first)
  decoder.free()
})

test(
  'a grammar hears its words with their times, and a word that is added is one of them',
  { skip },
  async () => {
    const decoder = await openDecoder(files(), {}, WORDS)
    decoder.addWord('everything', 'EH V R IY TH IH NG', true)
    assert.equal(decoder.phonesOf('everything'), 'EH V R IY TH IH NG')
    decoder.addGrammar('g', '#JSGF V1.0;\ngrammar g;\npublic <x> = stop everything | undo that;')
    decoder.use('g')
    decoder.recognise(await say('stop everything'))
    assert.equal(decoder.hypothesis()?.text, 'stop everything')
    const spoken = decoder.segments().filter(({ word }) => /^[a-z]/.test(word))
    assert.deepEqual(
      spoken.map(({ word }) => word),
      ['stop', 'everything'],
    )
    assert.ok(spoken.every(({ from, to }, at) => from < to && to > (spoken[at - 1]?.to ?? 0)))
    decoder.recognise(new Int16Array(0))
    assert.equal(decoder.hypothesis(), undefined)
    decoder.free()
  },
)
