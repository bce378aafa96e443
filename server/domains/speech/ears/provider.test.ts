import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../../kernel/rig.ts'
import type { Host } from '../host/pool.ts'
import type { ListenOptions } from '../kinds.ts'
import { listenOptions } from '../providers/rig.ts'
import type { EarsOptions } from './child.ts'
import { embeddedEars } from './provider.ts'

const FILES = [
  'lib/libsphinxbase.so.3',
  'lib/libpocketsphinx.so.3',
  'model/en-us/en-us',
  'model/en-us/cmudict-en-us.dict',
  'model/en-us/en-us.lm.bin',
]

test('a recording alone is heard in batch: a stream is heard while it is said, whoever finds its end', async (t) => {
  const data_dir = temporaryFolder(t)
  for (const file of FILES) {
    mkdirSync(dirname(join(data_dir, file)), { recursive: true })
    writeFileSync(join(data_dir, file), '')
  }
  const opened: EarsOptions[] = []
  const host: Pick<Host, 'open'> = {
    open: (_kind, options) => {
      opened.push(options as EarsOptions)
      return Promise.resolve({
        is_wanted: false,
        send: () => Promise.resolve(),
        call: () => Promise.resolve({ text: 'stop', confidence: 1 }),
        close: () => {},
      })
    },
  }
  const places = { libraries: [join(data_dir, 'lib')], models: [join(data_dir, 'model')] }
  const ears = embeddedEars({ host, data_dir, places, pronounce: () => Promise.resolve({}) })
  const rows: [Partial<ListenOptions>, EarsOptions['mode'], finds_end: boolean][] = [
    [{ is_recording: true }, 'batch', false],
    [{ onSilence: () => {} }, 'live', true],
    [{}, 'live', false],
  ]
  for (const [more] of rows) await ears.open(listenOptions(more))
  assert.deepEqual(
    opened.map(({ mode, finds_end }) => [mode, finds_end]),
    rows.map(([, ...expected]) => expected),
  )
})
