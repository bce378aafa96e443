import type { Issue } from '../../../contract/errors.ts'
import type { VoiceProcessed } from '../../../contract/voice.ts'
import type { Call } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { Agents } from '../agents/index.ts'
import type { Changes } from '../changes/index.ts'
import type { Meaning } from '../language/catalogue.ts'
import type { Language } from '../language/index.ts'
import type { Heard, Understood } from '../language/understand.ts'
import { dryRun, notUnderstood, spoken, spokenOf, toAnswer, toMs, toResponse, voiced } from './answer.ts'
import type { Done } from './answer.ts'
import type { Course, Sensitive, Subject } from '../workflows/spoken/course.ts'
import type { Spoken } from '../workflows/spoken/index.ts'
import { aboutAgent, withSubject } from './about-agents.ts'
import { clausesOf } from './clause.ts'
import { readConsent } from '../language/consent/words.ts'
import { partLost } from './parted.ts'
import { decide, planOf } from './decide.ts'
import type { Doing, Plan } from './decide.ts'
import { toKeep } from './explain.ts'
import { openFollow } from './follow/index.ts'
import type { Follow, Following } from './follow/index.ts'
import { isSignInOld, outcomeOf } from './sensitive.ts'
import type { Ended, OnBehalf, Outcome } from './sensitive.ts'
import type { Globals } from './globals.ts'
import { besides, openQuestions, proposedIn, stillAsking } from './questions.ts'
import type { Asked } from './questions.ts'
import { joined, readAmendment, readReply } from './reply.ts'
import { TEXT_KEPT, voiceStore } from './store.ts'
import type { VoiceTables } from './store.ts'
import { takingBack } from './taking-back.ts'
import { asLesson } from './teaching.ts'
import type { Training } from './training/index.ts'
import type { Sample } from './training/samples.ts'

/** A sentence as it came in. */
export interface Sentence extends Omit<Heard, 'now'> {
  language: string
  conversation_id: string
  /** What was said before, oldest first, as far as the client tells. */
  history?: readonly string[] | undefined
  /** Only understand, do nothing. */
  dry_run: boolean
  /** How well it was heard, and by whom, when it was spoken. */
  heard: { confidence: number; engine: string } | undefined
  /** A WAV file of it, when its user keeps those. */
  recording: Uint8Array | undefined
  /** Makes an address for an answer as sound, where a voice speaks the language. */
  say: ((text: string) => string) | undefined
}

/** A sentence that was understood, before anything is done about it. */
export interface Prepared {
  sentence: Sentence
  understood: Understood
  plan: Plan
  /** The question that was open, and whether it answers that. */
  asked: Asked | undefined
  is_reply: boolean
  /** The last sentence, when this one takes it up, and what is learnt once this one is done. */
  following: Following | undefined
  lesson: Sample | undefined
  /** The agent or workflow that it is about. */
  about: Subject | undefined
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

/** How a sensitive operation ended, and what is said of it. */
interface End {
  sensitive: Sensitive
  ended: Ended
  outcome: Outcome
}

interface Parts {
  kernel: Kernel
  agents: Agents
  changes: Pick<Changes, 'latest' | 'undo'>
  language: Language
  globals: Globals
  workflows: Pick<Spoken, 'knows' | 'course' | 'amended' | 'isAmending' | 'galleryTitle'>
  training: Pick<Training, 'correct'>
  onBehalf: OnBehalf
}

/** Executions that sentences start may take this long. */
const TIMEOUT_MS = 30_000

/** From a sentence to its answer, with a question in between when one is needed. */
export class Converse {
  readonly #parts: Parts
  readonly #questions = openQuestions()
  readonly #follow: Follow
  /** What was planned, for what may have to wait until its user has signed in again. */
  readonly #prepared = new WeakMap<Receipt, Prepared>()

  constructor(parts: Parts) {
    this.#parts = parts
    this.#follow = openFollow({ ...parts, questions: this.#questions })
  }

  /** @param started - when it came in, in monotonic milliseconds. */
  async prepare(call: Call, sentence: Sentence, started: number): Promise<Prepared> {
    const { agents, language } = this.#parts
    const { user_id, now } = call
    const subject = this.#questions.subject(call, sentence)
    const heard = { ...sentence, now, ...(await withSubject(agents, user_id, sentence, subject)) }
    const asked = this.#questions.open(call, sentence)
    const fresh = await language.understand(user_id, heard)
    const said = { fresh, question: asked?.question }
    const amendment = asked && readAmendment(asked.question, sentence.text, fresh, this.#parts.workflows)
    // What is only proposed has not been done, and nothing of it can have been wrong.
    const isOpen = amendment !== undefined || proposedIn(asked?.question) !== undefined
    const following = isOpen ? undefined : await this.#follow.read(call, sentence, heard, said)
    const sureness = sentence.heard?.confidence
    const isReply = following === undefined && asked !== undefined
    const isSince = this.#questions.last(call, sentence)?.execution_id !== undefined
    const how = { sureness, isSince }
    const answer = () => asked && readReply(language, user_id, asked.question, fresh, heard, how)
    const replied = amendment ?? (isReply ? await answer() : undefined)
    const alone = { ...heard, is_part: true }
    const lessons = (order: string) => language.understand(user_id, { ...alone, text: order })
    const taught =
      isReply || following !== undefined ? undefined : await asLesson(sentence.text, fresh, lessons)
    const understood = following?.understood ?? replied?.understood ?? taught ?? fresh
    const { meaning, parameters, missing } = understood
    const { time_zone, text } = sentence
    const decided = async (): Promise<Plan> => {
      // A bare yes or no answers a question, and there is none: whatever it resembles is not meant.
      if (replied === undefined && fresh.tier !== 'template' && readConsent(text) !== undefined)
        return { kind: 'unknown' }
      const isFresh = replied === undefined && following === undefined
      const bare = await language.bare(user_id, sentence)
      const parted = isFresh ? partLost(fresh, bare, this.#parts.workflows) : undefined
      if (parted !== undefined) return parted
      const asks = meaning !== undefined && missing === undefined
      const warning = asks ? await agents.warning({ user_id, ...meaning, parameters, time_zone }) : undefined
      return decide(understood, warning, { now, time_zone }, sureness)
    }
    const planned = replied?.plan ?? (await decided())
    const course = await this.#courseOf(call, sentence, planned, subject)
    const isCourse = course !== undefined && planned.kind === 'execute'
    const isHeard = sentence.heard !== undefined && replied === undefined
    const plan = isCourse ? planOf(planned, course, { now, time_zone, isHeard }) : planned
    const about = course?.about
    const lesson = following?.lesson ?? (replied && this.#follow.lessonOf(asked?.question))
    const is_reply = replied !== undefined
    return { sentence, started, understood, plan, asked, is_reply, about, following, lesson }
  }

  /** What is about how things are set up is looked into first: which one is meant, and what would be made. */
  async #courseOf(
    call: Call,
    sentence: Sentence,
    plan: Plan,
    subject: Subject | undefined,
  ): Promise<Course | undefined> {
    const { changes, language, workflows } = this.#parts
    if (plan.kind !== 'execute' || plan.meaning.agent_number !== 0) return undefined
    const { meaning, parameters } = plan
    const isMine = (id: string) => this.#questions.isMine(call, sentence, id)
    const { user_id, now } = call
    const { text, time_zone, dry_run } = sentence
    const set =
      (await takingBack(changes, call, meaning.name, { isMine, dry_run })) ??
      (await aboutAgent(this.#parts.agents, user_id, meaning.name, parameters))
    if (set !== undefined || !workflows.knows(meaning.name)) return set
    return workflows.course({
      user_id,
      action: meaning.name,
      parameters,
      text,
      now,
      time_zone,
      triggers: meaning.triggers,
      subject,
      ...clausesOf(language, user_id, { now, time_zone }),
    })
  }

  /** Does it, or asks back, in one transaction with the record of it. */
  async commit(tx: Tx, call: Call, given: Prepared): Promise<Receipt> {
    const { kernel } = this.#parts
    const { sentence, understood, started, asked, is_reply } = given
    const isLate = is_reply && asked !== undefined && !this.#questions.isOpen(call, asked)
    const prepared: Prepared = isLate ? { ...given, plan: { kind: 'late' } } : given
    const { user_id } = call
    const { text, language } = sentence
    kernel.events.tell(tx, 'voice:command_received', user_id, {
      text,
      confidence: sentence.heard?.confidence ?? 1,
      language,
    })
    kernel.events.tell(tx, 'voice:processing', user_id, { status: 'analyzing', progress: 0.25 })
    kernel.events.tell(tx, 'voice:processing', user_id, { status: 'routing', progress: 0.5 })
    const lead = sentence.dry_run || isLate ? '' : await this.#follow.settle(tx, call, prepared)
    const acted = await this.#act(tx, call, prepared)
    const aside = besides(prepared)
    const isWhole = acted.execution === undefined && acted.sensitive === undefined
    const said = joined(aside.lead, lead, acted.text, isWhole ? aside.tail : '')
    const done = { ...acted, text: said, followup: acted.followup === true || aside.tail !== '' }
    const heard = toAnswer(sentence, prepared, done, kernel.clock.elapsed() - started)
    const answer = isWhole ? { ...heard, response: voiced(sentence, heard.response) } : heard
    const { execution_id, response } = answer
    if (isWhole) kernel.events.tell(tx, 'voice:response_ready', user_id, spokenOf(response))
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
      why: toKeep(understood),
      created_at: kernel.now(),
    })
    if (sentence.recording !== undefined)
      await voiceStore.keepRecording(tx.tables<VoiceTables>(), {
        command_id,
        user_id,
        audio: sentence.recording,
      })
    if (!sentence.dry_run && !isLate)
      tx.afterCommit(() => {
        this.#questions.follow(call, sentence, prepared)
        this.#spokeOf(call, prepared)
        this.#follow.note(call, prepared, execution_id)
      })
    const receipt: Receipt = { command_id, answer, ...(done.sensitive && { sensitive: done.sensitive }) }
    this.#prepared.set(receipt, prepared)
    return receipt
  }

  /** What "it" means from now on: what was spoken of, and nothing known once agents were asked for other things. */
  #spokeOf(call: Call, { sentence, plan, about }: Prepared): void {
    const isOther = plan.kind === 'execute' && plan.meaning.agent_number !== 0
    if (about !== undefined || isOther) this.#questions.spokeOf(call, sentence, about)
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
    const given = this.#prepared.get(receipt)
    const text = joined(answer.response.text, spoken(agent_response), given ? besides(given).tail : '')
    const response = voiced(given?.sentence, { ...answer.response, text })
    await kernel.store.write(async (tx) => {
      kernel.events.tell(tx, 'voice:response_ready', user_id, { ...spokenOf(response), agent_response })
      await voiceStore.answered(tx.tables<VoiceTables>(), user_id, command_id, response.text)
    })
    const processing_ms = toMs(answer.processing_ms + kernel.clock.elapsed() - started)
    return { ...answer, agent_response, response, processing_ms }
  }

  /** Has the sensitive operation go through its guards, once however often the sentence is repeated. */
  async #end(call: Call, receipt: Receipt, sensitive: Sensitive): Promise<VoiceProcessed> {
    const { kernel, onBehalf } = this.#parts
    const { command_id, answer } = receipt
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
      await this.#note(call, receipt, { sensitive, ended, outcome })
    }
    const { text: told, followup: requires_followup, target: _target, ...more } = outcome
    const given = this.#prepared.get(receipt)
    const text = joined(answer.response.text, told, given ? besides(given).tail : '')
    const processing_ms = toMs(answer.processing_ms + kernel.clock.elapsed() - started)
    return { ...answer, ...more, response: { ...answer.response, text, requires_followup }, processing_ms }
  }

  /** Notes how it ended, for the history and for what is said next. */
  async #note(call: Call, receipt: Receipt, { sensitive, ended, outcome }: End): Promise<void> {
    const { kernel, changes } = this.#parts
    const { user_id } = call
    const { text: response, target } = outcome
    const note = { response, outcome: JSON.stringify(outcome) }
    const changed = await kernel.store.write(async (tx) => {
      kernel.events.tell(tx, 'voice:response_ready', user_id, { text: response })
      await voiceStore.ended(tx.tables<VoiceTables>(), user_id, receipt.command_id, note)
      if (ended.kind !== 'done' || target === undefined) return undefined
      return changes.latest.settle(tx, user_id, target, sensitive.takes_back?.modification_id)
    })
    const { plan, sentence } = this.#prepared.get(receipt) ?? {}
    if (sentence === undefined || plan?.kind !== 'course') return
    if (changed !== undefined) this.#questions.did(call, sentence, sensitive.takes_back?.again ?? changed)
    if (ended.kind === 'done' && outcome.workflow_id !== undefined)
      this.#questions.spokeOf(call, sentence, { kind: 'workflow', id: outcome.workflow_id })
    if (isSignInOld(ended))
      this.#questions.again(call, sentence, plan, { agreed: sensitive, now: kernel.clock.now() })
  }

  async #act(tx: Tx, call: Call, { plan, sentence, understood, asked }: Prepared): Promise<Done> {
    // What is not understood is answered so: there is nothing to be done about it.
    if (sentence.dry_run && plan.kind !== 'unknown') return dryRun(plan)
    if (plan.kind === 'declined') return { text: 'All right, I leave it.' }
    if (plan.kind === 'late') return { text: 'That question is closed already.' }
    if (plan.kind === 'unknown') return stillAsking(plan, asked) ?? notUnderstood(sentence, understood)
    if (plan.kind === 'course') return follow(tx, plan.course)
    if (plan.kind !== 'execute') return { text: plan.question, followup: true }
    const { meaning, parameters } = plan
    if (meaning.agent_number === 0) {
      const said = { ...sentence, now: call.now }
      return { text: await this.#parts.globals.perform(tx, call.user_id, meaning.name, said) }
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
}

function follow(tx: Tx, course: Doing): Done | Promise<Done> {
  switch (course.kind) {
    case 'say':
      return course
    case 'do':
      return course.perform(tx)
    case 'sensitive':
      return { text: '', sensitive: course.sensitive }
  }
}

/** "the text must not have more than 500 characters" */
function firstIssue({ details }: Fault): string | undefined {
  const issues = details?.['issues']
  const [issue] = Array.isArray(issues) ? (issues as Issue[]) : []
  if (issue === undefined) return undefined
  const [, , , name = '', place] = issue.path.split('/')
  const most = /^must not have more than (\d+) items$/u.exec(issue.message)?.[1]
  if (most !== undefined) return `more than ${most} ${name.replaceAll('_', ' ')} at once are too many`
  return `${place === undefined ? 'the' : 'each of the'} ${name.replaceAll('_', ' ')} ${issue.message}`
}
