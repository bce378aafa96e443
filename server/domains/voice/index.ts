import type { Kysely } from 'kysely'
import { agents as agentOperations } from '../../../contract/agents.ts'
import { VoiceContext, voice } from '../../../contract/voice.ts'
import type { VoiceProcessed, VoiceSettings } from '../../../contract/voice.ts'
import type { Output } from '../../../contract/operation.ts'
import { reads, writes } from '../../kernel/answers.ts'
import type { Answers, Call } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { findIssues } from '../../kernel/validate.ts'
import { LIMIT_DEFAULT, fromCursor, toPage } from '../../kernel/paging.ts'
import type { Agents } from '../agents/index.ts'
import type { Auth } from '../auth/index.ts'
import type { Assessor } from '../changes/impact.ts'
import type { Changes } from '../changes/index.ts'
import type { Language } from '../language/index.ts'
import type { System } from '../system/index.ts'
import type { Workflows } from '../workflows/index.ts'
import { Converse } from './converse.ts'
import type { Prepared, Sentence } from './converse.ts'
import { openGlobals } from './globals.ts'
import { toCapabilities } from './capabilities.ts'
import type { OnBehalf } from './sensitive.ts'
import type { Outdated } from '../retention/impact.ts'
import type { Sweep } from '../retention/index.ts'
import { forgetCommands, oldCommands } from './retention.ts'
import { voiceStore } from './store.ts'
import type { VoiceTables } from './store.ts'

interface Parts {
  auth: Auth
  agents: Agents
  changes: Changes
  language: Language
  system: Pick<System, 'health' | 'stop'>
  workflows: Pick<Workflows, 'shown' | 'spoken'>
  server_zone: string
}

const SETTINGS: VoiceSettings = {
  language: 'en',
  voice_id: 'default',
  speech_rate: 1,
  pitch: 1,
  volume: 1,
  wake_word_enabled: false,
  wake_words: ['paios'],
  noise_suppression: true,
  auto_transcription: true,
}

interface Said {
  audio_data?: string | undefined
  text_input?: string | undefined
  text_fallback?: string | undefined
  language?: string | undefined
  context?:
    | { active_agent?: number; conversation_id?: string; user_preferences?: Record<string, unknown> }
    | undefined
  dry_run?: boolean | undefined
}

/** The newest sentences, which a change of what can be said is tried on. */
const LOOKED_AT = 200

const NOBODY: OnBehalf = () => Promise.reject(new Error('Nobody lets sentences through the guards.'))

export interface Voice {
  answers: Answers
  /** What forgets sentences that are old enough. */
  readonly outdated: Readonly<Record<string, Outdated>>
  readonly sweeps: Readonly<Record<string, Sweep>>
  /** Says how calls go through the guards in the name of whoever said a sentence; once, before the first of them. */
  askWith(onBehalf: OnBehalf): void
}

/** Tries a change of what can be said on what was said last. */
function openRoutes({ store }: Kernel, { language, auth, server_zone }: Parts): Assessor {
  return async (change) => {
    if (change.kind !== 'agent' && change.kind !== 'workflow') return {}
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
  const { agents, changes, language } = parts
  let ask = NOBODY
  const converse = new Converse({
    kernel,
    agents,
    changes,
    language,
    globals: openGlobals({ kernel, ...parts }),
    workflows: parts.workflows.spoken,
    onBehalf: (...given) => ask(...given),
  })
  const reader = () => kernel.store.reader.tables<VoiceTables>()
  changes.assessWith(openRoutes(kernel, parts))
  const prepare = async (call: Call, said: Said, only_agent?: number): Promise<Prepared> => {
    const settings = await settingsIn(reader(), call.user_id)
    return converse.prepare(call, await toSentence(parts, call, said, settings, only_agent))
  }
  return {
    askWith: (given) => (ask = given),
    ...RETENTION,
    answers: {
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
      [voice.commands.name]: reads(voice.commands, async ({ user_id }, { limit = LIMIT_DEFAULT, cursor }) => {
        const before = cursor === undefined ? undefined : String(fromCursor(cursor))
        const found = await voiceStore.newest(reader(), user_id, { before, limit: limit + 1 })
        const { rows, ...next } = toPage(found, limit, (row) => row.id)
        return { commands: rows.map((row) => ({ ...row, understood: row.understood !== 0 })), ...next }
      }),
      [voice.settings.name]: writes(voice.settings, {
        // Read in the transaction, so that of two changes at once neither takes back the other.
        commit: async (tx, { user_id }, change) => {
          const settings = { ...(await settingsIn(tx.tables<VoiceTables>(), user_id)), ...change }
          if (settings.voice_id !== SETTINGS.voice_id) {
            throw new Fault('VALIDATION_ERROR', `There is no voice ${settings.voice_id}.`, {
              issues: [{ path: '/voice_id', message: 'is not one of /voice/capabilities' }],
            })
          }
          await voiceStore.saveSettings(tx.tables<VoiceTables>(), user_id, JSON.stringify(settings))
          return settings
        },
      }),
      [voice.capabilities.name]: reads(voice.capabilities, async ({ user_id }) =>
        toCapabilities(await settingsIn(reader(), user_id)),
      ),
      [voice.synthesize.name]: reads(voice.synthesize, () =>
        Promise.reject(unavailable('No speech engine is installed.', 'no_tts_engine')),
      ),
    },
  }
}

async function settingsIn(db: Kysely<VoiceTables>, user_id: string): Promise<VoiceSettings> {
  const row = await voiceStore.settings(db, user_id)
  return { ...SETTINGS, ...(row === undefined ? {} : (JSON.parse(row.settings) as Partial<VoiceSettings>)) }
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
  }
}

async function toSentence(
  { auth, server_zone }: Parts,
  call: Call,
  said: Said,
  settings: VoiceSettings,
  only_agent: number | undefined,
): Promise<Sentence> {
  const preferences = (await auth.user(call.user_id))?.preferences
  if (preferences?.voice_enabled === false)
    throw unavailable('You have switched voice off.', 'disabled_by_user')
  const texts = [said.text_input, said.text_fallback].filter((text) => text !== undefined)
  const text = texts.find((one) => one.trim() !== '')
  if (text === undefined) {
    // A client may send an empty text beside the sound that it has recorded.
    if (said.audio_data !== undefined)
      throw unavailable('No speech recogniser is installed; send text.', 'no_stt_engine')
    if (texts.length > 0) throw new Fault('VOICE_COMMAND_NOT_UNDERSTOOD', 'There is no text to understand.')
    throw new Fault('VALIDATION_ERROR', 'There is neither audio nor text.', {
      issues: [{ path: '/text_fallback', message: 'is required when there is no audio' }],
    })
  }
  const zone = said.context?.user_preferences?.['timezone']
  const language =
    said.language === undefined || said.language === 'auto'
      ? preferences?.default_voice_language
      : said.language
  return {
    text,
    language: language ?? settings.language,
    conversation_id: said.context?.conversation_id ?? call.caller?.session_id ?? '',
    time_zone: typeof zone === 'string' ? checkedZone(zone) : (preferences?.timezone ?? server_zone),
    wake_words: settings.wake_words,
    active_agent: said.context?.active_agent,
    only_agent,
    dry_run: said.dry_run ?? false,
  }
}

/** The context is a free map there, but what has a meaning must have its shape. @throws Fault `VALIDATION_ERROR` */
function checkContext(context: Record<string, unknown>): void {
  const known = Object.entries(context).filter(([name]) => Object.hasOwn(VoiceContext.properties, name))
  const issues = findIssues(VoiceContext, Object.fromEntries(known)).map(({ path, message }) => ({
    path: `/context${path}`,
    message,
  }))
  const [first] = issues
  if (first !== undefined) throw new Fault('VALIDATION_ERROR', `${first.path} ${first.message}.`, { issues })
}

/** @throws Fault `VALIDATION_ERROR` for a zone that does not exist. */
function checkedZone(name: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch (cause) {
    const issues = [{ path: '/context/user_preferences/timezone', message: 'is not a time zone' }]
    throw new Fault(
      'VALIDATION_ERROR',
      `There is no time zone ${JSON.stringify(name.slice(0, 64))}.`,
      { issues },
      { cause },
    )
  }
}

function unavailable(message: string, reason: string): Fault {
  return new Fault('VOICE_SERVICE_UNAVAILABLE', message, { reason })
}
