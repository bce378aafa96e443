import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { systemClock } from '../../../../kernel/clock.ts'
import type { Log } from '../../../../kernel/log.ts'
import { openHost } from '../../host/pool.ts'
import { hear, listenOptions, problem } from '../rig.ts'
import { sherpaEars } from './ears.ts'
import { lookInto } from './model.ts'

/** Hears how it was made and how much it was given, as sherpa-onnx would hear words. */
const MODULE = `
class Recognizer {
  constructor(config) {
    if (config.modelConfig.tokens.includes('broken')) throw new Error('bad model')
    if (config.modelConfig.tokens.includes('deadly')) process.exit(255)
    this.config = config
  }
  createStream() {
    return { size: 0, ready: 0, acceptWaveform({ samples, sampleRate }) {
      if (sampleRate !== 16000 || !(samples instanceof Float32Array)) throw new Error('no sound')
      this.size += samples.length; this.ready = 1 }, inputFinished() { this.done = true } }
  }
  isReady(stream) { return stream.ready > 0 }
  decode(stream) { stream.ready = 0; stream.decoded = true }
  getResult(stream) {
    const { featConfig, modelConfig: { tokens, numThreads, provider, debug, ...kind } } = this.config
    const said = stream.size === 0 ? '' : JSON.stringify(kind).replaceAll(/"[^"]*[/]/g, '"') + ' ' + stream.size
    return { text: stream.decoded ? said : 'nothing', lang: '<|en|>' }
  }
}
exports.OfflineRecognizer = Recognizer
exports.OnlineRecognizer = class extends Recognizer {}
`

/** A folder as its owner would make it. */
async function folderWith(t: TestContext, files: readonly string[], name = 'model') {
  const base = await mkdtemp(path.join(tmpdir(), 'paios-sherpa-'))
  t.after(() => rm(base, { recursive: true }))
  const folder = path.join(base, name)
  const module = path.join(folder, 'node_modules', 'sherpa-onnx-node')
  await mkdir(module, { recursive: true })
  await writeFile(path.join(module, 'package.json'), '{"name":"sherpa-onnx-node","main":"index.js"}')
  await writeFile(path.join(module, 'index.js'), MODULE)
  for (const file of files) await writeFile(path.join(folder, file), '')
  return { base, folder, module }
}

const NO_LOG = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} } as unknown as Log

const at = (file: string): string => JSON.stringify(import.meta.resolve(file))

/** A real child process that knows this job alone. */
async function hostFor(t: TestContext, base: string) {
  const entry = path.join(base, 'entry.ts')
  const kinds = `{ sherpa: async () => (await import(${at('./child.ts')})).openJob }`
  await writeFile(entry, `import { serveJobs } from ${at('../../host/serve.ts')}\nserveJobs(${kinds})\n`)
  const host = openHost({ clock: systemClock, log: NO_LOG, entry: new URL(`file://${entry}`) })
  t.after(() => host.close())
  return { host, user_id: 'ann' }
}

const kindOf = (folder: string) => {
  const found = lookInto('Own', folder)
  return 'problem' in found
    ? found.problem
    : [
        found.model.kind,
        found.model.streaming,
        ...Object.values(found.model.files).map((file) => path.basename(file)),
      ]
}

test('what a model is, its files say', async (t) => {
  const parts = ['encoder.onnx', 'encoder.int8.onnx', 'decoder.onnx', 'joiner.onnx', 'tokens.txt']
  const cases: [string[], string, unknown[]][] = [
    [parts, 'zipformer-en', ['transducer', false, 'encoder.int8.onnx', 'decoder.onnx', 'joiner.onnx']],
    [parts, 'streaming-zipformer', ['transducer', true, 'encoder.int8.onnx', 'decoder.onnx', 'joiner.onnx']],
    [
      ['tiny-encoder.onnx', 'tiny-decoder.onnx', 'tiny-tokens.txt'],
      'whisper-tiny',
      ['whisper', false, 'tiny-encoder.onnx', 'tiny-decoder.onnx'],
    ],
    [
      ['encoder.onnx', 'decoder.onnx', 'tokens.txt'],
      'paraformer',
      ['paraformer', true, 'encoder.onnx', 'decoder.onnx'],
    ],
    [['model.onnx', 'tokens.txt'], 'paraformer-zh', ['paraformer', false, 'model.onnx']],
    [
      ['model.int8.onnx', 'model.onnx', 'tokens.txt'],
      'sense-voice',
      ['sense-voice', false, 'model.int8.onnx'],
    ],
    [['model.onnx', 'tokens.txt'], 'nemo-ctc-en', ['nemo-ctc', false, 'model.onnx']],
  ]
  for (const [files, name, expected] of cases) {
    const { folder } = await folderWith(t, files, name)
    assert.deepEqual(kindOf(folder), expected, name)
  }
})

test('what lacks is told with the way to get it', async (t) => {
  const host = { open: () => Promise.reject(new Error('never')) }
  const healthOf = (folder: string) => sherpaEars({ name: 'Own', folder }, { host, user_id: 'ann' }).health()
  const { folder, module, base } = await folderWith(t, ['tokens.txt', 'x.onnx'])
  assert.match((await healthOf(folder)).problem, /^Own: .* holds no model of speech that is known/)
  for (const wrong of ['relative', `${folder}/none`, `${folder}/tokens.txt`])
    assert.match((await healthOf(wrong)).problem, /^Own: there is no folder /)
  await chmod(module, 0o777)
  assert.deepEqual(await healthOf(folder), {
    ok: false,
    problem: `Own: everybody on this machine may write into ${module}.`,
    remedy: `chmod o-w '${module}'`,
  })
  await rm(module, { recursive: true })
  assert.deepEqual(await healthOf(folder), {
    ok: false,
    problem: `Own: sherpa-onnx-node is not in ${folder}.`,
    remedy: `npm install --prefix '${folder}' sherpa-onnx-node`,
  })
  // One that lies above the folder is not the one that was named.
  await mkdir(path.join(base, 'node_modules', 'sherpa-onnx-node'), { recursive: true })
  await writeFile(path.join(base, 'node_modules', 'sherpa-onnx-node', 'package.json'), '{}')
  assert.equal((await healthOf(folder)).ok, false)
  const stt = sherpaEars({ name: 'Own', folder }, { host, user_id: 'ann' })
  assert.match(await problem(hear(stt)), /^missing: Own: sherpa-onnx-node is not in .* npm install/)
})

test('a recording is heard in a child process, by a model that is told what it needs', async (t) => {
  const { base, folder } = await folderWith(
    t,
    ['a-encoder.onnx', 'a-decoder.onnx', 'a-tokens.txt'],
    'whisper',
  )
  const stt = sherpaEars({ name: 'Own', folder }, await hostFor(t, base))
  assert.deepEqual([await stt.health(), stt.remote], [{ ok: true, problem: '' }, false])
  assert.deepEqual(await hear(stt, 1_600), {
    text: '{"whisper":{"encoder":"a-encoder.onnx","decoder":"a-decoder.onnx","language":"en","task":"transcribe"}} 1600',
    confidence: 0.7,
    language: 'en',
  })
  assert.match((await hear(stt, 10, { language: 'auto' })).text, /"language":"","task".* 10$/)
  assert.equal(await problem(hear(stt, 0)), 'silence: Own heard nobody speak.')
})

test('a model that hears while it is said tells what it has heard so far', async (t) => {
  const files = ['encoder.onnx', 'decoder.onnx', 'joiner.onnx', 'tokens.txt']
  const { base, folder } = await folderWith(t, files, 'streaming')
  const stt = sherpaEars({ name: 'Own', folder }, await hostFor(t, base))
  const partials: string[] = []
  const listening = await stt.open(listenOptions({ onPartial: ({ text }) => partials.push(text) }))
  await listening.write(new Int16Array(100))
  await listening.write(new Int16Array(50))
  const { text } = await listening.end()
  assert.match(text, /^\{"transducer":.* 8150$/)
  assert.deepEqual(
    partials.map((one) => one.split(' ').at(-1)),
    ['100', '150'],
  )
})

test('a model that cannot be loaded, or ends the process, is a failure of the engine and of nothing else', async (t) => {
  for (const tokens of ['broken-tokens.txt', 'deadly-tokens.txt']) {
    const { base, folder } = await folderWith(t, ['encoder.onnx', 'decoder.onnx', tokens])
    const stt = sherpaEars({ name: 'Own', folder }, await hostFor(t, base))
    assert.match(await problem(hear(stt)), /^engine: Own: /, tokens)
  }
})
