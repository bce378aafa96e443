import { agents as agentOperations } from '../../../contract/agents.ts'
import { voice } from '../../../contract/voice.ts'
import type { VoiceAudio, VoiceProcessed, VoiceSettings } from '../../../contract/voice.ts'
import type { Output } from '../../../contract/operation.ts'
import { reads, writes } from '../../kernel/answers.ts'
import type { Answers, Call } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { LIMIT_DEFAULT, fromCursor, toPage } from '../../kernel/paging.ts'
import type { Agents } from '../agents/index.ts'
import type { Auth } from '../auth/index.ts'
import type { Assessor } from '../changes/impact.ts'
import type { Changes } from '../changes/index.ts'
import type { Language } from '../language/index.ts'
import type { Speech } from '../speech/index.ts'
import type { System } from '../system/index.ts'
import type { Workflows } from '../workflows/index.ts'
import { Converse } from './converse.ts'
import type { Prepared } from './converse.ts'
import { openGlobals } from './globals.ts'
import { toCapabilities } from './capabilities.ts'
import { openEars } from './hearing.ts'
import { openMouth } from './mouth.ts'
import { historyAnswers } from './recordings.ts'
import type { OnBehalf } from './sensitive.ts'
import type { Outdated } from '../retention/impact.ts'
import type { Sweep } from '../retention/index.ts'
import { forgetCommands, oldCommands } from './retention.ts'
import { aroundOf, checkContext, toSentence, unavailable } from './sentence.ts'
import type { Given } from './sentence.ts'
import { settingsAnswers, settingsIn } from './settings.ts'
import { openTraining } from './training/index.ts'
import { isPhrase, phraseModels } from './training/phrases.ts'
import { voiceStore } from './store.ts'
import type { VoiceTables } from './store.ts'
import { Utterances } from './utterances.ts'
import type { Speaker, Told } from './utterances.ts'

interface Parts {
  auth: Auth
  agents: Agents
  changes: Changes
  language: Language
  speech: Speech
  system: Pick<System, 'health' | 'stop'>
  workflows: Pick<Workflows, 'shown' | 'spoken'>
  server_zone: string
}

/** The newest sentences, which a change of what can be said is tried on. */
const LOOKED_AT = 200

/** A sentence by itself. */
const NOTHING_AROUND = { wake_words: [], active_agent: undefined, only_agent: undefined }

const NOBODY: OnBehalf = () => Promise.reject(new Error('Nobody lets sentences through the guards.'))

/** Utterances that come in pieces on sockets; each becomes a sentence by its id once it has ended. */
export interface Listening {
  /** Begins one with its first piece. @throws Fault */
  begin(speaker: Speaker, first: VoiceAudio): Promise<void>
  /** Takes the next piece; false when the utterance has ended or never began, and the piece is dropped. @throws Fault */
  take(speaker: Speaker, piece: VoiceAudio): Promise<boolean>
  /** Ends whatever is being said on a socket, without an answer; idempotent. */
  stop(speaker: Speaker): void
  /** Is told of everything that is said. */
  hear(listener: (told: Told) => void): void
}

export interface Voice {
  answers: Answers
  readonly listening: Listening
  /** What forgets sentences that are old enough. */
  readonly outdated: Readonly<Record<string, Outdated>>
  readonly sweeps: Readonly<Record<string, Sweep>>
  /** Says how calls go through the guards in the name of whoever said a sentence; once, before the first of them. */
  askWith(onBehalf: OnBehalf): void
  /** Lets go of what is kept in memory for a user. */
  forget(user_id: string): void
  close(): void
}

/** The kinds of changes that touch where sentences go. */
const ROUTING = new Set(['agent', 'workflow', 'model'])

/** Tries a change of what can be said on what was said last. */
function openRoutes({ store }: Kernel, { language, auth, server_zone }: Parts): Assessor {
  return async (change) => {
    if (!ROUTING.has(change.kind) || isPhrase(change.after ?? change.before)) return {}
    const page = { before: undefined, limit: LOOKED_AT }
    const db = store.reader.tables<VoiceTables>()
    const rows = await voiceStore.newest(db, change.user_id, page)
    const { wake_words } = await settingsIn(db, change.user_id)
    const said = {
      wake_words,
      time_zone: (await auth.user(change.user_id))?.preferences.timezone ?? server_zone,
    }
    const texts = [...new Set(rows.map(({ text }) => text))]
    return { routes: await language.reroutes(change, texts, said) }
  }
}

const RETENTION = { outdated: { sentences: oldCommands }, sweeps: { sentences: forgetCommands } }

/** Sentences, typed or spoken, and what is said back. */
export function openVoice(kernel: Kernel, parts: Parts): Voice {
  const { agents, changes, language, speech } = parts
  let ask = NOBODY
  const reader = () => kernel.store.reader.tables<VoiceTables>()
  const settingsOf = (user_id: string): Promise<VoiceSettings> => settingsIn(reader(), user_id)
  const mouth = openMouth(kernel, speech, settingsOf)
  const utterances = new Utterances(kernel, speech)
  const ears = openEars(kernel, speech, utterances)
  const sources = { ...parts, ears, mouth, hintsFor: language.hints }
  const training = openTraining(kernel, {
    ...parts,
    transcribe: async (call, audio_data, said) => {
      const { around } = await aroundOf(sources, call.user_id, said, await settingsOf(call.user_id))
      return ears.hear(call, audio_data, around)
    },
  })
  const converse = new Converse({
    kernel,
    agents,
    changes,
    language,
    globals: openGlobals({ kernel, ...parts }),
    workflows: parts.workflows.spoken,
    training,
    onBehalf: (...given) => ask(...given),
  })
  changes.assessWith(openRoutes(kernel, parts))
  const prepare = async (call: Call, given: Given, only_agent?: number): Promise<Prepared> => {
    // Hearing is the most of what an answer to a recording takes.
    const started = kernel.clock.elapsed()
    const settings = await settingsOf(call.user_id)
    return converse.prepare(call, await toSentence(sources, call, given, settings, only_agent), started)
  }
  return {
    askWith: (given) => (ask = given),
    listening: {
      begin: async (speaker, first) => {
        const { user_id } = speaker
        const settings = await settingsOf(user_id)
        const { around } = await aroundOf(sources, user_id, first.language, settings)
        const { wake_words, wake_word_enabled: wait_for_wake } = settings
        const wake_phrases = await phraseModels(kernel.store.reader, user_id)
        await utterances.begin(speaker, { wait_for_wake, ...first }, { ...around, wake_words, wake_phrases })
      },
      take: (speaker, piece) => utterances.take(speaker, piece),
      stop: (speaker) => utterances.stop(speaker),
      hear: (listener) => utterances.hear(listener),
    },
    forget: mouth.forget,
    close: () => utterances.close(),
    ...RETENTION,
    answers: {
      ...mouth.answers,
      ...settingsAnswers(speech, ({ user_id, now }, text) =>
        language.understand(user_id, { text, now, time_zone: parts.server_zone, ...NOTHING_AROUND }),
      ),
      ...historyAnswers(kernel, mouth),
      ...training.answers,
      ...sentenceAnswers(agents, converse, prepare),
      ...lookingAnswers(kernel, speech, settingsOf),
    },
  }
}

/** Sentences to whoever is meant, and to one agent. */
function sentenceAnswers(
  agents: Pick<Agents, 'known'>,
  converse: Converse,
  prepare: (call: Call, given: Given, only_agent?: number) => Promise<Prepared>,
): Answers {
  return {
    [voice.process.name]: writes(voice.process, {
      prepare: (call, input) => prepare(call, input),
      commit: (tx, call, _input, prepared) => converse.commit(tx, call, prepared),
      wait: (call, _input, receipt, signal) => converse.finish(call, receipt, signal),
    }),
    [agentOperations.voice.name]: writes(agentOperations.voice, {
      prepare: async (call, { id, ...said }) => {
        const agent = (await agents.known(call.user_id)).find(
          (one) => one.id === id || String(one.agent_number) === id,
        )
        if (agent === undefined) throw new Fault('AGENT_NOT_FOUND', `There is no agent ${id}.`, { id })
        if (!agent.is_active)
          throw new Fault('AGENT_DISABLED', `Agent ${agent.agent_number} is switched off.`)
        if (!agent.voice_enabled) throw unavailable('This agent does not listen.', 'voice_disabled')
        checkContext(said.context ?? {})
        return prepare(call, said, agent.agent_number)
      },
      commit: (tx, call, _input, prepared) => converse.commit(tx, call, prepared),
      wait: async (call, _input, receipt, signal) =>
        toVoiceAnswer(await converse.finish(call, receipt, signal)),
    }),
  }
}

/** What was said, and what is here to hear and speak. */
function lookingAnswers(
  { store }: Pick<Kernel, 'store'>,
  speech: Pick<Speech, 'facts'>,
  settingsOf: (user_id: string) => Promise<VoiceSettings>,
): Answers {
  const reader = () => store.reader.tables<VoiceTables>()
  return {
    [voice.commands.name]: reads(voice.commands, async ({ user_id }, { limit = LIMIT_DEFAULT, cursor }) => {
      const before = cursor === undefined ? undefined : String(fromCursor(cursor))
      const found = await voiceStore.newest(reader(), user_id, { before, limit: limit + 1 })
      const { rows, ...next } = toPage(found, limit, (row) => row.id)
      const ids = rows.map(({ id }) => id)
      const recorded = new Set(
        (await voiceStore.recorded(reader(), user_id, ids)).map(({ command_id }) => command_id),
      )
      const commands = rows.map((row) => ({
        ...row,
        understood: row.understood !== 0,
        has_audio: recorded.has(row.id),
      }))
      return { commands, ...next }
    }),
    [voice.capabilities.name]: reads(voice.capabilities, async ({ user_id }) =>
      toCapabilities(
        await settingsOf(user_id),
        await speech.facts({ isFresh: true }),
        (await phraseModels(store.reader, user_id)).map(({ word }) => word),
      ),
    ),
  }
}

function toVoiceAnswer(whole: VoiceProcessed): Output<typeof agentOperations.voice> {
  const { transcribed_text, command_understood, response } = whole
  const metadata = { execution_time: whole.processing_ms, resources_used: [] }
  const fallback = command_understood
    ? {
        success: true,
        data: { requires_followup: response.requires_followup },
        text: response.text,
        metadata,
      }
    : { success: false, error: `VOICE_002: ${response.text}`, metadata }
  return {
    transcribed_text,
    command_understood,
    agent_response: whole.agent_response ?? fallback,
    voice_response: response.text,
    ...(response.audio_url === undefined ? {} : { audio_url: response.audio_url }),
  }
}
