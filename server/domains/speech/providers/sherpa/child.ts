import { createRequire } from 'node:module'
import { SAMPLE_RATE, SpeechError } from '../../kinds.ts'
import type { OpenJob } from '../../host/kinds.ts'
import { lookInto } from './model.ts'
import type { SherpaModel } from './model.ts'

/** What a job is opened with. */
export interface SherpaJob {
  name: string
  folder: string
  /** Primary tag, or empty when the model finds it out. */
  language: string
}

/** What a job answers to `null`, which ends what is said; samples come before it. */
export interface SherpaAnswer {
  text: string
  language: string
}

/** As much of the interface of sherpa-onnx-node as is used here. */
interface Sherpa {
  OfflineRecognizer: new (config: object) => OfflineRecognizer
  OnlineRecognizer: new (config: object) => OnlineRecognizer
}
interface Stream {
  acceptWaveform(wave: { samples: Float32Array; sampleRate: number }): void
}
interface Result {
  text: string
  lang?: string
}
interface OfflineRecognizer {
  createStream(): Stream
  decode(stream: Stream): void
  getResult(stream: Stream): Result
}
interface OnlineRecognizer {
  createStream(): Stream & { inputFinished(): void }
  isReady(stream: Stream): boolean
  decode(stream: Stream): void
  getResult(stream: Stream): Result
}

/** The model that was used last: loading one takes seconds. */
let loaded: { key: string; recognizer: unknown } | undefined

export const openJob: OpenJob = async (options, tell) => {
  const { name, folder, language } = options as SherpaJob
  const found = lookInto(name, folder)
  if ('problem' in found) throw new SpeechError('missing', found.problem)
  const key = JSON.stringify([folder, language])
  if (loaded?.key !== key) loaded = { key, recognizer: load(found.module, found.model, language) }
  const { recognizer } = loaded
  return found.model.streaming
    ? hearOnline(recognizer as OnlineRecognizer, tell)
    : hearOffline(recognizer as OfflineRecognizer)
}

function load(module: string, model: SherpaModel, language: string): unknown {
  const sherpa = createRequire(`${module}/package.json`)(module) as Sherpa
  const { kind, files, tokens, streaming } = model
  const common = { tokens, numThreads: 2, provider: 'cpu', debug: 0 }
  const featConfig = { sampleRate: SAMPLE_RATE, featureDim: 80 }
  const ofKind = {
    transducer: { transducer: files },
    paraformer: { paraformer: files },
    whisper: { whisper: { ...files, language, task: 'transcribe' } },
    'sense-voice': {
      senseVoice: { ...files, language: language === '' ? 'auto' : language, useInverseTextNormalization: 1 },
    },
    'nemo-ctc': { nemoCtc: files },
  }[kind]
  const config = { featConfig, modelConfig: { ...common, ...ofKind } }
  return streaming ? new sherpa.OnlineRecognizer(config) : new sherpa.OfflineRecognizer(config)
}

function hearOffline(recognizer: OfflineRecognizer): Awaited<ReturnType<OpenJob>> {
  const stream = recognizer.createStream()
  return {
    handle: (message) => {
      if (message instanceof Int16Array) return accept(stream, message)
      recognizer.decode(stream)
      return toAnswer(recognizer.getResult(stream))
    },
    close: () => {},
  }
}

function hearOnline(
  recognizer: OnlineRecognizer,
  tell: (message: unknown) => void,
): Awaited<ReturnType<OpenJob>> {
  const stream = recognizer.createStream()
  let said = ''
  const decode = (): Result => {
    while (recognizer.isReady(stream)) recognizer.decode(stream)
    return recognizer.getResult(stream)
  }
  return {
    handle: (message) => {
      if (message instanceof Int16Array) {
        accept(stream, message)
        const { text } = decode()
        if (text !== said) tell(text)
        said = text
        return undefined
      }
      // Models look a little ahead: without something behind it the last word is lost.
      accept(stream, new Int16Array(SAMPLE_RATE / 2))
      stream.inputFinished()
      return toAnswer(decode())
    },
    close: () => {},
  }
}

function accept(stream: Stream, samples: Int16Array): void {
  stream.acceptWaveform({
    samples: Float32Array.from(samples, (sample) => sample / 32_768),
    sampleRate: SAMPLE_RATE,
  })
}

function toAnswer({ text, lang = '' }: Result): SherpaAnswer {
  return { text, language: lang }
}
