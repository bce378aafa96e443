import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { digest } from '../../kernel/crypto.ts'
import { writeDurably } from '../../kernel/files.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Skill } from '../../skills/skill.ts'
import { readBase } from './base.ts'
import { classify } from './statistics/classify.ts'
import { fromBytes } from './statistics/bytes.ts'
import { OUT_OF_SCOPE_LABEL } from './statistics/model.ts'
import type { Model } from './statistics/model.ts'
import { splitPayload } from './fill.ts'
import { OUT_OF_SCOPE } from './out-of-scope.ts'
import type { Classify } from './heard.ts'

export interface LanguageModel {
  classify: Classify
  /** What it is made from. */
  examples(): readonly TrainingExample[]
  /** The model itself, once it is there. */
  model(): Promise<Model>
  /** Resolves when the model is there, or is no longer wanted. */
  ready(): Promise<void>
  close(): Promise<void>
}

export interface TrainingExample {
  text: string
  label: string
}

/** Increases when training itself changes, so that a model kept by an older version is made anew. */
export const FORMAT = 5

/**
 * The statistical model over the actions of the installed skills. That of the built-in ones is shipped; any other is
 * trained once in a worker and kept in the data folder under the digest of what it was trained from.
 */
export function openModel(kernel: Kernel, skills: () => readonly Skill[]): LanguageModel {
  let loading: Promise<Model> | undefined
  let worker: Worker | undefined
  let closed = false
  let known: TrainingExample[] | undefined
  const load = async (): Promise<Model> => {
    const examples = examplesOf(skills())
    const name = nameOf(examples)
    const shipped = readBase(name)
    if (shipped !== undefined) return shipped
    const path = join(kernel.settings.data_dir, 'language', `${name}.model`)
    const kept = readKept(path)
    if (kept !== undefined) return kept
    const bytes = await new Promise<Uint8Array>((resolve, reject) => {
      worker = new Worker(new URL('./train-worker.ts', import.meta.url), { workerData: examples })
      worker.unref()
      worker.on('message', resolve).on('error', reject)
      // Closed while it trained: whoever waits for the model is told, rather than left waiting.
      worker.on('exit', () => reject(new Error('The training ended without a model.')))
    })
    keep(path, bytes)
    return fromBytes(bytes)
  }
  // It is kept to save the next start the training: without it nothing is lost but that.
  const keep = (path: string, bytes: Uint8Array): void => {
    try {
      writeDurably(path, Buffer.from(bytes).toString('base64'))
    } catch (error) {
      kernel.log.warn('the language model could not be kept', { path, error })
    }
  }
  const model = (): Promise<Model> => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined
      throw error
    })
    return loading
  }
  return {
    classify: async (text) => classify(await model(), text),
    examples: () => (known ??= examplesOf(skills())),
    model,
    ready: async () => {
      await model().catch((error: unknown) => {
        if (!closed) throw error
      })
    },
    close: async () => {
      closed = true
      await worker?.terminate()
    },
  }
}

/** Names what a model is made from, and how. */
export function nameOf(examples: readonly TrainingExample[]): string {
  return digest(JSON.stringify([FORMAT, examples])).slice(0, 32)
}

function readKept(path: string): Model | undefined {
  try {
    return fromBytes(Buffer.from(readFileSync(path, 'utf8'), 'base64'))
  } catch {
    // Absent or damaged: it is made anew.
    return undefined
  }
}

interface Sentence {
  text: string
  agent_number: number
  action: string
}

/** What the model learns: the examples and phrases of every action, sentences as people said them, and what is none. */
export function examplesOf(skills: readonly Skill[]): TrainingExample[] {
  const examples: TrainingExample[] = OUT_OF_SCOPE.map((text) => ({ text, label: OUT_OF_SCOPE_LABEL }))
  const names = new Map(skills.map(({ name, agent }) => [agent.number, name]))
  for (const skill of skills) {
    for (const [name, action] of Object.entries(skill.actions)) {
      const label = `${skill.name}/${name}`
      for (const text of new Set([...action.examples, ...action.phrases.map(spoken)]))
        examples.push({ text, label })
    }
  }
  for (const { text, agent_number, action } of readSentences()) {
    const { command, payload } = splitPayload(text)
    examples.push({
      text: payload === undefined ? text : command,
      label: `${names.get(agent_number)}/${action}`,
    })
  }
  return examples
}

/** A phrase as it is spoken: without its slots, with the first of each choice. */
function spoken(phrase: string): string {
  return phrase.replaceAll(/\{[^}]*\}|[[\]]/g, ' ').replaceAll(/\(([^()|]*)[^()]*\)/g, '$1')
}

function readSentences(): Sentence[] {
  const lines = readFileSync(new URL('./sentences.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n')
  return lines.map((line) => JSON.parse(line) as Sentence)
}
