import { CONFIDENCE_TO_ACT } from '../../../../contract/limits.ts'
import type { WorkflowStep } from '../../../../contract/workflows.ts'
import { briefingSources } from './briefing.ts'
import { splitClauses } from './clauses.ts'
import { expressionOf, leadingCondition, readCondition } from './conditions.ts'
import type { SaidCondition } from './conditions.ts'
import { ADDRESS, AGREED, APPROVAL, BY_POST, FREE, LIMIT, OWN_STATE, PAGE } from './orders.ts'
import { plainly, written } from './orders.ts'
import { aboutOne, both, capitalised, isAnaphor, isPartOfIt, outcomeOf } from './parts.ts'
import type { Done, Part } from './parts.ts'
import type { ProposeContext, UnderstoodClause } from './proposal.ts'
import { idFor, literal, plain } from './quoting.ts'
import { timesAtEachRun } from './relative.ts'
import { outcome, tellingOf } from './results.ts'
import type { changeOf } from './trigger.ts'
import { leftOutOf } from './unused.ts'
import { readDuration, readTelling, readReminder } from './telling.ts'
import { bare, isMade } from './words.ts'

interface Understood extends UnderstoodClause {
  clause: string
}

/** What "the result" and "it" are before any step was said: what starts the workflow has them. */
export interface Beginning {
  subject: string | undefined
  result: string | undefined
}

/** Characters of one notification, at most 2,000. */
const TOLD_CHARACTERS_MAX = 1_900
/** Characters of a result that are written into a parameter: a reminder takes 500. */
const KEPT_CHARACTERS_MAX = 450
/** Characters of a page that are summarised. */
const SUMMED_CHARACTERS_MAX = 20_000
/** Steps whose clauses are looked at part by part: each part costs as much as a clause. */
const LOOKED_AT_MAX = 12
/** So sure is what only reads, which nobody is asked about when it happens. */
const CONFIDENCE_TO_READ = 0.6
const GREETING = `'Your briefing for ' + formatDate(now, 'dddd, D MMMM') + ':'`

/** Makes steps of clauses, one after the other. */
export class Builder {
  readonly steps: WorkflowStep[] = []
  readonly impact: string[] = []
  readonly unclear: string[] = []
  readonly names = new Map<number, string>()
  /** Failures are looked at by conditions, and so must not end the run. */
  heeds = false
  waits = false
  /** Something is changed, and not only looked at. */
  changes = false
  /** Something is sent that may have arrived although it failed. */
  once = false
  readonly #context: ProposeContext
  readonly #beginning: Beginning
  #pending: Part[] = []
  #done: Done | undefined
  #condition: string | undefined
  /** The condition of a branch as it was said, while it is about what was done last. */
  #said: SaidCondition | undefined
  /** The condition of the last clause alone, of which "otherwise" may be said. */
  #only: string | undefined
  /** A condition was not understood: what hangs on it must not be done without. */
  #blocked = false

  constructor(context: ProposeContext, beginning: Beginning) {
    this.#context = context
    this.#beginning = beginning
  }

  /** Looks at a watch of the target, which is made if there is none; all that follows waits for a change. */
  async watch(target: string, change: ReturnType<typeof changeOf>): Promise<void> {
    const list = await this.#understand('list my watches')
    const watch = await this.#understand(`watch ${target}`)
    const known =
      list === undefined ? undefined : this.#perform({ ...list, clause: 'list my watches' }, undefined)
    this.#pending = []
    if (known === undefined || watch === undefined) {
      this.#blocked = true
      return this.#leaveOut(`watch ${target}`)
    }
    const parameters = { ...watch.parameters, label: change.label }
    this.#perform({ ...watch, parameters, clause: `watch ${target}` }, change.is_unknown)
    this.#done = undefined
    this.#condition = change.has_changed
  }

  async add(said: string): Promise<void> {
    const clause = bare(said)
    if (this.#blocked) return this.#leaveOut(clause)
    const opening = /^(?<word>if not|if|unless|otherwise|else)\b[\s,]*(?<rest>.*)$/isu.exec(clause)?.groups
    if (opening !== undefined) return this.#branch(clause, opening['word'] ?? '', opening['rest'] ?? '')
    if (APPROVAL.test(clause)) return this.#order(clause)
    const suffix =
      /^(?<order>.+?)\s+(?:but )?(?:only )?(?<word>if|when|in case|unless)\s+(?<words>.+)$/isu.exec(
        clause,
      )?.groups
    const condition = suffix === undefined ? undefined : readCondition(suffix['words'] ?? '')
    if (suffix !== undefined && condition !== undefined && !ADDRESS.test(clause)) {
      const negated = suffix['word'] === 'unless'
      if (await this.#ofItself(suffix['order'] ?? '', condition, negated)) return
      const expression = this.#expression(condition, negated)
      this.#only = expression
      return expression === undefined
        ? this.#leaveOut(clause)
        : this.#order(suffix['order'] ?? '', expression, condition)
    }
    const conditional =
      suffix !== undefined && suffix['word'] !== 'when' && !FREE.test(clause) && !ADDRESS.test(clause)
    return conditional ? this.#leaveOut(clause) : this.#order(clause)
  }

  /** Tells whatever was found and not told. */
  finish(): void {
    for (const condition of new Set(this.#pending.map((part) => part.condition)))
      this.#tell(
        this.#pending.filter((part) => part.condition === condition),
        condition,
      )
    this.#pending = []
  }

  #leaveOut(clause: string): undefined {
    this.unclear.push(clause)
    return undefined
  }

  /** "if there are any, ...", "otherwise ...": it holds for all that follows. */
  async #branch(clause: string, word: string, rest: string): Promise<void> {
    const small = word.toLowerCase()
    // What follows a question that is agreed to is done only then.
    const agreed = AGREED.exec(rest)?.groups?.['order']
    if (agreed !== undefined && small === 'if' && this.steps.at(-1)?.action === 'wait_for_approval')
      return this.add(agreed)
    const own = OWN_STATE.exec(rest)?.groups
    if (own !== undefined && small !== 'otherwise' && small !== 'else') {
      await this.#lookAt(own['thing'] ?? '')
      return this.#branch(clause, word, `it ${own['state']}${own['more']}`)
    }
    const alone = readCondition(rest)
    const found = alone === undefined ? leadingCondition(rest) : { condition: alone, rest: '' }
    const isElse = small === 'otherwise' || small === 'else' || (small === 'if not' && found === undefined)
    if (isElse && (this.#only ?? this.#condition) !== undefined) {
      const whole = this.#only === undefined ? undefined : this.#condition
      this.#condition = both(whole, `!(${this.#only ?? this.#condition})`)
      this.#only = undefined
      return rest === '' ? undefined : this.add(rest)
    }
    const expression = found && this.#expression(found.condition, small === 'unless' || small === 'if not')
    if (found === undefined || expression === undefined) {
      this.#blocked = true
      return this.#leaveOut(clause)
    }
    this.#condition = expression
    this.#said = found.condition
    this.#only = undefined
    return found.rest === '' ? undefined : this.add(found.rest)
  }

  /** "List my tasks if there are more than 5": what is found is told on a condition about itself. */
  async #ofItself(clause: string, condition: SaidCondition, negated: boolean): Promise<boolean> {
    if (condition.kind === 'failed' || condition.kind === 'worked' || readTelling(clause) !== undefined)
      return false
    const [last = '', ...others] = splitClauses(clause).toReversed()
    if (others.length > 0) {
      for (const one of others.toReversed()) await this.add(one)
      return this.#ofItself(last, condition, negated)
    }
    const found = await this.#understand(clause)
    if (found?.effect !== 'read') return false
    const telling = tellingOf(found.agent_number, found.action)
    if (expressionOf(condition, telling.id, telling) === undefined) return false
    const done = this.#perform({ ...found, clause }, this.#condition)
    if (done === undefined) return true
    this.#only = this.#expression(condition, negated)
    const told = both(this.#condition, this.#only)
    this.#pending = this.#pending.map((part) => (part.step === done.id ? { ...part, condition: told } : part))
    return true
  }

  /** Reads a list of the user's for a condition alone: what is on it is not told. */
  async #lookAt(thing: string): Promise<void> {
    const clause = /\blist$/iu.test(thing) ? `read ${thing}` : `list ${thing}`
    const found = await this.#understand(clause)
    const before = [...this.#pending]
    if (found !== undefined) this.#perform({ ...found, clause }, this.#condition)
    this.#pending = before
  }

  #expression(condition: SaidCondition, negated: boolean): string | undefined {
    if (this.#done === undefined) return undefined
    const expression = expressionOf(condition, this.#done.id, this.#done.telling)
    if (expression === undefined) return undefined
    if (condition.kind === 'failed' || condition.kind === 'worked') this.heeds = true
    return negated ? `!(${expression})` : expression
  }

  async #order(order: string, extra?: string, said?: SaidCondition): Promise<void> {
    const [, said_how, how] = BY_POST.exec(order) ?? []
    if (how !== undefined) this.unclear.push(how)
    const clause = plainly(said_how ?? order, this.#done)
    if (clause === undefined) return this.#leaveOut(order)
    const condition = both(this.#condition, extra)
    const telling = readTelling(clause)
    if (telling !== undefined) return this.#report(clause, telling.text, condition, said)
    const reminder = readReminder(clause)
    if (reminder !== undefined) {
      this.#pending.push({ text: reminder, condition })
      return
    }
    const seconds = readDuration(clause)
    if (seconds !== undefined) return this.#own('wait', 'wait', { seconds }, condition)
    const asked = APPROVAL.exec(clause)?.groups
    if (asked !== undefined) return this.#approval(condition, asked['question'])
    if (isMade(clause)) return this.#briefing(clause, condition)
    const page = PAGE.exec(clause)?.groups?.['address']
    if (page !== undefined) return this.#summary(clause, page, condition)
    const address = ADDRESS.exec(clause)?.groups?.['address']
    const found =
      address === undefined
        ? await this.#understand(written(clause))
        : await this.#understand(`fetch ${address}`)
    if (found === undefined) return this.#leaveOut(clause)
    const done = this.#perform({ ...found, clause }, condition, address)
    if (done !== undefined && found.is_guess === true && this.steps.length <= LOOKED_AT_MAX)
      this.unclear.push(...(await leftOutOf(clause, found, (part) => this.#understand(part))))
  }

  /** Of a page its text is summarised, which has to be read first. */
  async #summary(clause: string, address: string, condition: string | undefined): Promise<void> {
    const reading = await this.#understand(`read the page at ${address}`)
    const summing = await this.#understand('summarise this: it')
    if (reading === undefined || summing === undefined) return this.#leaveOut(clause)
    const read = this.#perform({ ...reading, clause: `read the page at ${address}` }, condition)
    if (read === undefined) return
    this.#pending = this.#pending.filter(({ step }) => step !== read.id)
    const done = this.#perform({ ...summing, parameters: { text: '…' }, missing: [], clause }, condition)
    const step = this.steps.find(({ id }) => id === done?.id)
    if (step !== undefined)
      step.parameters['text'] = `{{steps.${read.id}.result.text.slice(0, ${SUMMED_CHARACTERS_MAX})}}`
  }

  async #understand(clause: string): Promise<UnderstoodClause | undefined> {
    const found = await this.#context.understand(clause)
    const asked = clause.replace(
      /^(?:(?:tell|show|read|give|send|remind) me|let me know)\s+(?=what|which|how|who|when|where)/iu,
      '',
    )
    if (asked === clause || (found !== undefined && found.confidence >= CONFIDENCE_TO_ACT)) return found
    return (await this.#context.understand(asked)) ?? found
  }

  /** Adds a step, unless it is too uncertain for something that nobody looks at when it happens. */
  #perform(found: Understood, condition: string | undefined, subject?: string): Done | undefined {
    const { agent_number, agent_name, action, effect, clause } = found
    const certain = found.confidence >= (effect === 'read' ? CONFIDENCE_TO_READ : CONFIDENCE_TO_ACT)
    // What one says to the system itself, or to whom to ask, is no step.
    if (agent_number <= 1 || !certain) return this.#leaveOut(clause)
    if (found.missing.length > 0) {
      this.#leaveOut(
        `${clause} (${found.missing.map((name) => name.replaceAll('_', ' ')).join(', ')} is missing)`,
      )
      return undefined
    }
    const parameters = this.#timed(found)
    if (parameters === undefined) return undefined
    const limit = LIMIT.exec(clause)?.[0]
    if (limit !== undefined && !JSON.stringify(parameters).includes(limit)) this.unclear.push(limit)
    if (!this.#resolve(parameters)) return this.#leaveOut(clause)
    const telling = tellingOf(agent_number, action)
    const id = this.#step(telling.id, { agent_number, action, parameters }, condition)
    this.names.set(agent_number, agent_name)
    const effects = {
      write: 'changes something',
      network: 'leaves this machine',
      destructive: 'removes something',
    }
    if (effect !== 'read')
      this.impact.push(`Step ${this.steps.length} ${effects[effect]} (${agent_name}): ${clause}.`)
    const done = { id, telling, summary: clause, subject: subject ?? clause }
    this.#done = done
    this.#said = undefined
    if (effect !== 'read' && telling.refused === undefined) this.changes = true
    if (effect === 'network' && telling.refused === undefined) this.once = true
    const isFound = effect === 'read' || telling.refused !== undefined
    if (isFound) this.#pending.push({ expression: outcome(id, telling, clause), condition, step: id })
    return done
  }

  /** Parameters in which times are those of each run; nothing when one cannot be. */
  #timed({ parameters, clause }: Understood): WorkflowStep['parameters'] | undefined {
    const timed = timesAtEachRun(parameters, clause, this.#context)
    return timed ?? this.#leaveOut(`${clause} (the time would be the same at every run)`)
  }

  /**
   * "Remind me of it tomorrow": "it" is what the step before has found, which need not be told besides, or what came with
   * the start.
   *
   * @returns whether there is something that it can mean.
   */
  #resolve(parameters: WorkflowStep['parameters']): boolean {
    const it = this.#done === undefined ? this.#beginning.result : outcomeOf(this.#done)
    const meant = `{{(${it}).slice(0, ${KEPT_CHARACTERS_MAX})}}`
    for (const [name, value] of Object.entries(parameters)) {
      const isIt = name === 'text' ? isAnaphor(value) : Array.isArray(value) && value.some(isAnaphor)
      if (!isIt && this.#done !== undefined && isPartOfIt(name, value)) return false
      if (!isIt) continue
      if (it === undefined) return false
      parameters[name] = Array.isArray(value) ? value.map((one) => (isAnaphor(one) ? meant : one)) : meant
      this.#pending = this.#pending.filter(({ step }) => step !== this.#done?.id)
    }
    return true
  }

  #step(name: string, step: Omit<WorkflowStep, 'id'>, condition: string | undefined): string {
    const id = idFor(name, new Set(this.steps.map((one) => one.id)))
    this.steps.push({ id, ...step, ...(condition === undefined ? {} : { condition }) })
    return id
  }

  #own(
    name: string,
    action: string,
    parameters: WorkflowStep['parameters'],
    condition: string | undefined,
  ): void {
    if (action.startsWith('wait')) this.waits = true
    this.#step(name, { agent_number: 0, action, parameters }, condition)
  }

  #approval(condition: string | undefined, question = ''): void {
    this.finish()
    const id = idFor('approval', new Set(this.steps.map((one) => one.id)))
    const text = question === '' ? 'Shall this workflow go on?' : `Should you ${plain(question)}?`
    this.#own('approval', 'wait_for_approval', { text }, condition)
    this.#condition = both(
      this.#condition,
      `steps.${id}.status === 'completed' && steps.${id}.result.approved === true`,
    )
  }

  async #briefing(clause: string, condition: string | undefined): Promise<void> {
    const sources = briefingSources(clause)
    this.unclear.push(...sources.unclear)
    const before = this.#pending.length
    for (const source of sources.clauses) {
      const found = await this.#understand(source)
      if (found === undefined) this.#leaveOut(source)
      else this.#perform({ ...found, clause: source }, condition)
    }
    if (this.#pending.length > before) this.#pending.splice(before, 0, { expression: GREETING, condition })
  }

  /** "tell me", with what is to be told: the steps before, what was said, or what started the workflow. */
  #report(
    clause: string,
    text: string | undefined,
    condition: string | undefined,
    said: SaidCondition | undefined,
  ): void {
    if (text !== undefined) return this.#tell([{ text: capitalised(text), condition }], condition)
    if (said !== undefined && this.#done !== undefined) return this.#tellOfLast(this.#done, said, condition)
    const parts = this.#pending.filter((part) => part.condition === condition)
    this.#pending = this.#pending.filter((part) => part.condition !== condition)
    if (parts.length > 0) return this.#tell(parts, condition)
    if (this.#said !== undefined && this.#done !== undefined)
      return this.#tellOfLast(this.#done, this.#said, condition)
    if (this.#done !== undefined) {
      const { id, summary } = this.#done
      const done = `steps.${id}.status === 'completed' ? ${literal(`Done: ${summary}`)} : ${literal(`This could not be done: ${summary}`)}`
      return this.#tell([{ expression: done, condition }], condition)
    }
    const { subject } = this.#beginning
    if (subject === undefined) return this.#leaveOut(clause)
    this.#tell([{ expression: subject, condition }], condition)
  }

  /** What was found last is told on a condition, and so not at the end in any case. */
  #tellOfLast(done: Done, said: SaidCondition, condition: string | undefined): void {
    this.#pending = this.#pending.filter(({ step }) => step !== done.id)
    this.#tell([{ ...aboutOne(done, said), condition }], condition)
  }

  #tell(parts: readonly Part[], condition: string | undefined): void {
    const most = Math.floor(TOLD_CHARACTERS_MAX / parts.length) - 1
    const texts = parts.map(({ expression, text = '' }) =>
      expression === undefined ? plain(text.slice(0, most)) : `{{(${expression}).slice(0, ${most})}}`,
    )
    this.#own('tell', 'notify', { text: texts.join('\n') }, condition)
  }
}
