import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SpeechEngines } from '../../../../contract/speech.ts'
import type { SpeechEngine } from '../../../../contract/speech.ts'
import { findIssues } from '../../../kernel/validate.ts'
import type { SttProvider } from '../kinds.ts'
import { findEngineIssues } from '../../settings/engines.ts'
import { toEngines } from './engines.ts'
import { openOutside } from './rig.ts'

const base = { allow_remote: true, order: 10 }
const cloud: SpeechEngine = {
  type: 'openai',
  role: 'both',
  name: 'Cloud',
  url: 'https://api.example.org/v1',
  ...base,
}
const piper: SpeechEngine = {
  type: 'wyoming',
  role: 'tts',
  name: 'Piper',
  host: '192.168.1.5',
  port: 10_200,
  ...base,
}
const whisper: SpeechEngine = {
  type: 'whisper',
  role: 'stt',
  name: 'W',
  url: 'http://127.0.0.1:8080',
  ...base,
  order: -5,
}
const sherpa: SpeechEngine = { type: 'sherpa', role: 'stt', name: 'Own', folder: '/srv/model', ...base }

test('settings are taken when they say all that is needed, and nothing else', () => {
  assert.deepEqual(findIssues(SpeechEngines, [cloud, piper, whisper, sherpa]), [])
  const wrong: object[] = [
    { ...cloud, url: 'https://user:key@api.example.org/v1' },
    { ...cloud, url: 'https://api.example.org/v1?key=secret' },
    { ...cloud, url: 'ftp://x/' },
    { ...cloud, key: 'sk-secret' },
    { ...cloud, credential_id: 'sk-secret' },
    { ...cloud, name: '../x' },
    { ...cloud, name: '' },
    { ...cloud, languages: ['English'] },
    { ...piper, port: 0 },
    { ...piper, host: 'a b' },
    { ...whisper, role: 'both' },
    { ...sherpa, folder: 'model' },
    { ...sherpa, role: 'tts' },
    { ...sherpa, type: 'other' },
  ]
  for (const one of wrong) assert.notDeepEqual(findIssues(SpeechEngines, [one]), [], JSON.stringify(one))
  assert.notDeepEqual(
    findIssues(
      SpeechEngines,
      Array.from({ length: 17 }, () => piper),
    ),
    [],
  )
})

test('no two engines have one name', () => {
  assert.deepEqual(findEngineIssues([cloud, piper], ['embedded']), [])
  const message = 'is the name of another engine'
  assert.deepEqual(findEngineIssues([cloud, { name: 'cloud' }, { name: 'Embedded' }], ['embedded']), [
    { path: '/1/name', message },
    { path: '/2/name', message },
  ])
})

test('engines are asked in their order, with the own one in its place, for what they are there for', (t) => {
  const own: SttProvider = {
    name: 'embedded',
    remote: false,
    languages: ['en'],
    health: async () => ({ ok: true, problem: '' }),
    open: () => Promise.reject(new Error('never')),
  }
  const host = { open: () => Promise.reject(new Error('never')) }
  const parts = { ...openOutside(t, []), host, user_id: 'ann' }
  const { ears, mouths } = toEngines(
    [cloud, piper, whisper, { ...sherpa, allow_remote: false }],
    { ears: [own], mouths: [] },
    parts,
  )
  assert.deepEqual(
    ears.map(({ engine, allow_remote }) => [engine.name, engine.remote, allow_remote]),
    [
      ['W', false, true],
      ['embedded', false, false],
      ['Cloud', true, true],
      ['Own', false, false],
    ],
  )
  assert.deepEqual(
    mouths.map(({ engine }) => [engine.name, engine.remote]),
    [
      ['Cloud', true],
      ['Piper', true],
    ],
  )
})
