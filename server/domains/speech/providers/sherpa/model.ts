import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'

/** What sherpa-onnx is to be told of a model, as its own interface has it. */
export interface SherpaModel {
  kind: 'transducer' | 'whisper' | 'paraformer' | 'sense-voice' | 'nemo-ctc'
  /** Whether it hears while it is said. */
  streaming: boolean
  tokens: string
  files: Readonly<Record<string, string>>
}

export type SherpaFolder = { model: SherpaModel; module: string } | { problem: string; remedy: string }

const MODELS = 'https://github.com/k2-fsa/sherpa-onnx/releases/tag/asr-models'

/**
 * Looks for a model and for sherpa-onnx itself in a folder. Neither is part of PAIOS: its owner puts both there.
 *
 * @param name - of the engine, for the sentence.
 */
export function lookInto(name: string, folder: string): SherpaFolder {
  const install = `npm install --prefix '${folder}' sherpa-onnx-node`
  if (!path.isAbsolute(folder) || !isFolder(folder))
    return {
      problem: `${name}: there is no folder ${folder}.`,
      remedy: `Unpack a model of ${MODELS} into it.`,
    }
  const module = path.join(folder, 'node_modules', 'sherpa-onnx-node')
  if (!existsSync(path.join(module, 'package.json')))
    return { problem: `${name}: sherpa-onnx-node is not in ${folder}.`, remedy: install }
  // Code of the folder is run: whoever may write into it would be the one who says what this server does.
  const open = [folder, path.join(folder, 'node_modules'), module].find(isOpenToAll)
  if (open !== undefined)
    return {
      problem: `${name}: everybody on this machine may write into ${open}.`,
      remedy: `chmod o-w '${open}'`,
    }
  const model = findModel(folder)
  if (model === undefined)
    return {
      problem: `${name}: ${folder} holds no model of speech that is known (tokens.txt, and encoder, decoder and joiner, or a model of Whisper, Paraformer or SenseVoice).`,
      remedy: `Unpack one of ${MODELS} into it.`,
    }
  return { model, module }
}

function findModel(folder: string): SherpaModel | undefined {
  const names = readdirSync(folder)
  const tokens =
    names.find((name) => name === 'tokens.txt') ?? names.find((name) => name.endsWith('-tokens.txt'))
  if (tokens === undefined) return undefined
  // The smaller of two forms of the same model is as good, and twice as fast here.
  const models = names.filter((name) => name.endsWith('.onnx')).toSorted((a, b) => rank(a) - rank(b))
  const part = (word: string): string | undefined => models.find((name) => name.includes(word))
  const at = (name: string): string => path.join(folder, name)
  const about = [path.basename(folder), ...names, readmeOf(folder)].join(' ').toLowerCase()
  const [encoder, decoder, joiner] = [part('encoder'), part('decoder'), part('joiner')]
  const isStreaming = /streaming|online|chunk-\d/.test(about) && !/non-streaming/.test(about)
  const found = { tokens: at(tokens) }
  if (encoder !== undefined && decoder !== undefined && joiner !== undefined) {
    const files = { encoder: at(encoder), decoder: at(decoder), joiner: at(joiner) }
    return { ...found, kind: 'transducer', streaming: isStreaming, files }
  }
  if (encoder !== undefined && decoder !== undefined) {
    const isParaformer = about.includes('paraformer')
    const files = { encoder: at(encoder), decoder: at(decoder) }
    return { ...found, kind: isParaformer ? 'paraformer' : 'whisper', streaming: isParaformer, files }
  }
  const [model] = models
  if (model === undefined) return undefined
  const files = { model: at(model) }
  if (/sense-?_?voice/.test(about)) return { ...found, kind: 'sense-voice', streaming: false, files }
  if (about.includes('paraformer')) return { ...found, kind: 'paraformer', streaming: false, files }
  if (/nemo|ctc|parakeet/.test(about)) return { ...found, kind: 'nemo-ctc', streaming: false, files }
  return undefined
}

function rank(name: string): number {
  return name.includes('int8') ? 0 : 1
}

/** Models come with a page about them, which says what they are where the names of the files do not. */
function readmeOf(folder: string): string {
  try {
    return readFileSync(path.join(folder, 'README.md'), 'utf8').slice(0, 1_000)
  } catch {
    return ''
  }
}

function isFolder(place: string): boolean {
  return statSync(place, { throwIfNoEntry: false })?.isDirectory() === true
}

function isOpenToAll(place: string): boolean {
  return process.platform !== 'win32' && (statSync(place).mode & 0o002) !== 0
}
