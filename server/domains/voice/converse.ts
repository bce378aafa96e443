import type { Issue } from '../../../contract/errors.ts'
import type { VoiceProcessed } from '../../../contract/voice.ts'
import type { Call } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { Agents } from '../agents/index.ts'
import type { Meaning } from '../language/catalogue.ts'
import type { Language } from '../language/index.ts'
import type { Heard, Understood } from '../language/understand.ts'
import { spoken, toAnswer, toMs, toResponse } from './answer.ts'
import type { Done } from './answer.ts'
import type { Sensitive } from '../workflows/spoken/course.ts'
import type { Spoken } from '../workflows/spoken/index.ts'
import { understandClause } from './clause.ts'
import { openConversations, readConsent } from './conversation.ts'
import type { Question } from './conversation.ts'
import { decide, planOf } from './decide.ts'
import type { Doing, Plan } from './decide.ts'
import { outcomeOf } from './sensitive.ts'
import type { OnBehalf, Outcome } from './sensitive.ts'
import type { Globals } from './globals.ts'
import { readReply } from './reply.ts'
import { voiceStore } from './store.ts'
import type { VoiceTables } from './store.ts'

/** A sentence as it came in. */
export interface Sentence extends Omit<Heard, 'now'> {
  language: string
  conversation_id: string
  /** Only understand, do nothing. */
  dry_run: boolean
}

/** A sentence that was understood, before anything is done about it. */
export interface Prepared {
  sentence: Sentence
  understood: Understood
  plan: Plan
  /** Monotonic milliseconds at which it came in. */
  started: number
}

/** The answer as far as it is known, and the id of the record that gets the rest. */
export interface Receipt {
  command_id: string
  answer: VoiceProcessed
  /** What it came to and needs proof: it goes through guards of its own. */
  sensitive?: Sensitive
}

interface Parts {
  kernel: Kernel
  agents: Agents
  language: Language
  globals: Globals
  workflows: Pick<Spoken, 'knows' | 'course'>
  onBehalf: OnBehalf
}

/** Executions that sentences start may take this long. */
const TIMEOUT_MS = 30_000
/** Characters of a sentence that its record keeps. */
const TEXT_KEPT = 10_000

/** From a sentence to its answer, with a question in between when one is needed. */
export class Converse {
  readonly #parts: Parts
  readonly #conversations = openConversations()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async prepare(call: Call, sentence: Sentence): Promise<Prepared> {
    const { kernel, agents, language } = this.#parts
    const { user_id, now } = call
    const started = kernel.clock.elapsed()
    const heard = { ...sentence, now }
    const question = this.#questionFor(call, sentence)
    const fresh = await language.understand(user_id, heard)
    const replied = question && (await readReply(language, user_id, question, fresh, heard))
    const understood = replied?.understood ?? fresh
    if (replied?.plan !== undefined) {
      const plan = await this.#onCourse(call, sentence, replied.plan)
      return { sentence, started, understood, plan }
    }
    const { meaning, parameters, missing } = understood
    const { time_zone, text } = sentence
    // A bare yes or no answers a question, and there is none: whatever it resembles is not meant.
    if (replied === undefined && fresh.tier !== 'template' && readConsent(text) !== undefined)
      return { sentence, started, understood, plan: { kind: 'unknown' } }
    const asks = meaning !== undefined && missing === undefined
    const warning = asks ? await agents.warning({ user_id, ...meaning, parameters, time_zone }) : undefined
    const plan = await this.#onCourse(call, sentence, decide(understood, warning))
    return { sentence, started, understood, plan }
  }

  /** What is about workflows is looked into first: which one is meant, and what would be made. */
  async #onCourse(call: Call, sentence: Sentence, plan: Plan): Promise<Plan> {
    const { language, workflows } = this.#parts
    if (plan.kind !== 'execute' || plan.meaning.agent_number !== 0) return plan
    const { meaning, parameters } = plan
    if (!workflows.knows(meaning.name)) return plan
    const { user_id, now } = call
    const { text, time_zone } = sentence
    const course = await workflows.course({
      user_id,
      action: meaning.name,
      parameters,
      text,
      now,
      time_zone,
      trigger: meaning.trigger,
      understand: (clause) => understandClause(language, user_id, clause, { now, time_zone }),
    })
    return planOf(meaning, parameters, course)
  }

  /** Does it, or asks back, in one transaction with the record of it. */
  async commit(tx: Tx, call: Call, prepared: Prepared): Promise<Receipt> {
    const { kernel } = this.#parts
    const { sentence, understood, started } = prepared
    const { user_id } = call
    const { text, language } = sentence
    kernel.events.tell(tx, 'voice:command_received', user_id, { text, confidence: 1, language })
    kernel.events.tell(tx, 'voice:processing', user_id, { status: 'analyzing', progress: 0.25 })
    kernel.events.tell(tx, 'voice:processing', user_id, { status: 'routing', progress: 0.5 })
    const done = sentence.dry_run ? DRY_RUN : await this.#act(tx, call, prepared)
    const answer = toAnswer(sentence, prepared, done, kernel.clock.elapsed() - started)
    const { execution_id, response } = answer
    if (execution_id === undefined && done.sensitive === undefined)
      kernel.events.tell(tx, 'voice:response_ready', user_id, { text: response.text })
    else kernel.events.tell(tx, 'voice:processing', user_id, { status: 'executing', progress: 0.75 })
    const command_id = kernel.id()
    await voiceStore.insert(tx.tables<VoiceTables>(), {
      id: command_id,
      user_id,
      text: text.slice(0, TEXT_KEPT),
      action: answer.intent.action,
      target_agent: answer.agent_routing.target_agent,
      confidence: understood.confidence,
      tier: understood.tier,
      reason: understood.reason,
      understood: answer.command_understood ? 1 : 0,
      response: response.text,
      execution_id: execution_id ?? null,
      outcome: null,
      created_at: kernel.now(),
    })
    tx.afterCommit(() => this.#remember(call, prepared))
    return { command_id, answer, ...(done.sensitive === undefined ? {} : { sensitive: done.sensitive }) }
  }

  /** The answer once the execution that it started has ended. */
  async finish(call: Call, receipt: Receipt, signal: AbortSignal): Promise<VoiceProcessed> {
    const { kernel, agents } = this.#parts
    const { user_id } = call
    const { command_id, answer, sensitive } = receipt
    const { execution_id } = answer
    if (sensitive !== undefined) return this.#end(call, receipt, sensitive)
    if (execution_id === undefined) return answer
    const started = kernel.clock.elapsed()
    const execution = await agents.executions.finished(user_id, { execution_id, status: 'executing' }, signal)
    const agent_response = toResponse(execution)
    const text = spoken(agent_response)
    await kernel.store.write(async (tx) => {
      kernel.events.tell(tx, 'voice:response_ready', user_id, { text, agent_response })
      await voiceStore.answered(tx.tables<VoiceTables>(), user_id, command_id, text)
    })
    const processing_ms = toMs(answer.processing_ms + kernel.clock.elapsed() - started)
    return { ...answer, agent_response, response: { ...answer.response, text }, processing_ms }
  }

  /** Has the sensitive operation go through its guards, once however often the sentence is repeated. */
  async #end(call: Call, { command_id, answer }: Receipt, sensitive: Sensitive): Promise<VoiceProcessed> {
    const { kernel, onBehalf } = this.#parts
    const { user_id } = call
    const started = kernel.clock.elapsed()
    const noted = async (): Promise<Outcome | null> => {
      const row = await voiceStore.outcome(kernel.store.reader.tables<VoiceTables>(), user_id, command_id)
      return JSON.parse(row?.outcome ?? 'null') as Outcome | null
    }
    let outcome = await noted()
    if (outcome === null) {
      const ended = await onBehalf(call, sensitive, `voice ${command_id}`)
      outcome = outcomeOf(sensitive, ended, kernel.clock.now())
      const { text: response } = outcome
      const note = { response, outcome: JSON.stringify(outcome) }
      await kernel.store.write(async (tx) => {
        kernel.events.tell(tx, 'voice:response_ready', user_id, { text: response })
        await voiceStore.ended(tx.tables<VoiceTables>(), user_id, command_id, note)
      })
    }
    const { text, followup: requires_followup, ...more } = outcome
    const processing_ms = toMs(answer.processing_ms + kernel.clock.elapsed() - started)
    return { ...answer, ...more, response: { ...answer.response, text, requires_followup }, processing_ms }
  }

  async #act(tx: Tx, call: Call, { plan, sentence, understood }: Prepared): Promise<Done> {
    if (plan.kind === 'declined') return { text: 'All right, I leave it.' }
    if (plan.kind === 'unknown') return notUnderstood(sentence, understood)
    if (plan.kind === 'course') return follow(tx, plan.course)
    if (plan.kind !== 'execute') return { text: plan.question, followup: true }
    const { meaning, parameters } = plan
    if (meaning.agent_number === 0) {
      return { text: await this.#parts.globals.perform(tx, call.user_id, meaning.name) }
    }
    try {
      return { text: '', execution: this.#execute(tx, call, sentence, meaning, parameters) }
    } catch (error) {
      // What was said is no malformed request: a value that the action does not take is answered in a sentence.
      const issue = error instanceof Fault && error.code === 'GENERAL_001' ? firstIssue(error) : undefined
      if (issue === undefined) throw error
      return { text: `I cannot do that: ${issue}.`, followup: true }
    }
  }

  #execute(tx: Tx, call: Call, sentence: Sentence, meaning: Meaning, parameters: Record<string, unknown>) {
    const { user_id, request_id } = call
    const { conversation_id, time_zone } = sentence
    return this.#parts.agents.executions.accept(tx, {
      user_id,
      ref: String(meaning.agent_number),
      timeout_ms: TIMEOUT_MS,
      command: {
        action: meaning.name,
        parameters,
        user_id,
        request_id,
        voice_input: true,
        priority: 'normal',
        context: { conversation_id, user_preferences: { timezone: time_zone } },
      },
    })
  }

  /** The open question, unless the sentence was said to another agent than the one that asks. */
  #questionFor(call: Call, sentence: Sentence): Question | undefined {
    const question = this.#conversations.open(keyOf(call, sentence), call.now)
    const { only_agent } = sentence
    return only_agent === undefined || question?.meaning.agent_number === only_agent ? question : undefined
  }

  #remember(call: Call, { plan, sentence }: Prepared): void {
    if (sentence.dry_run) return
    const key = keyOf(call, sentence)
    if (plan.kind === 'slot' || plan.kind === 'confirm') this.#conversations.ask(key, plan, call.now)
    else this.#conversations.close(key)
  }
}

function follow(tx: Tx, course: Doing): Done {
  switch (course.kind) {
    case 'say':
      return course
    case 'do':
      return course.perform(tx)
    case 'sensitive':
      return { text: '', sensitive: course.sensitive }
  }
}

/** A yes or no to a question that is not open any more, as after a restart, is told so. */
function notUnderstood({ text }: Sentence, { reason }: Understood): Done {
  const answers = readConsent(text) !== undefined
  const said = answers ? 'I have asked you nothing, or too long ago: please say it again.' : ''
  return { text: said === '' ? `I did not understand that. ${reason}` : said, followup: true }
}

/** "the text must not have more than 500 characters" */
function firstIssue({ details }: Fault): string | undefined {
  const issues = details?.['issues']
  const [issue] = Array.isArray(issues) ? (issues as Issue[]) : []
  if (issue === undefined) return undefined
  const name = issue.path.split('/')[3] ?? ''
  return `the ${name.replaceAll('_', ' ')} ${issue.message}`
}

const DRY_RUN: Done = { text: 'Nothing was done: this was a dry run.' }

function keyOf({ user_id }: Call, { conversation_id }: Sentence): string {
  return `${user_id} ${conversation_id}`
}
