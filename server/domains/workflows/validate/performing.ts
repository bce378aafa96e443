import type { PointedProblem, Problem } from '../evaluate/place.ts'
import { findConditionProblems } from '../evaluate/problems.ts'
import { compileCondition } from '../evaluate/expression.ts'
import type { Json } from '../evaluate/value.ts'
import { quoted } from './findings.ts'
import type { Findings } from './findings.ts'
import type { Known, KnownAgent } from './known.ts'
import { EXPRESSIONS_MAX } from './limits.ts'
import { nearest } from './nearest.ts'
import { findParameterIssues } from './parameters.ts'
import { below } from './pointer.ts'
import { checkReads } from './references.ts'
import type { Surroundings } from './references.ts'
import { sketchOf } from './sketch.ts'
import type { Sketch } from './sketch.ts'
import type { Step } from './steps.ts'

/** Problems with the expressions of one step that are told one by one. */
const PROBLEMS_MAX = 100

/** Whether a step can be performed: who does it, what, with which parameters, and when. */
export function checkStep(step: Step, known: Known, around: Surroundings): void {
  const { findings } = around
  const sketch = checkExpressions(step, around)
  checkCondition(step, around)
  const agent = checkAgent(step.agent_number, below(step.at, 'agent_number'), known, findings)
  if (agent === undefined || step.action === undefined) return
  const { action: name, at } = step
  const action = Object.hasOwn(agent.actions, name) ? agent.actions[name] : undefined
  if (action === undefined) {
    if (agent.open === true || agent.aliases.has(name.trim().toLowerCase())) return
    return findings.error(
      below(at, 'action'),
      'UNKNOWN_ACTION',
      unknownAction(name, step.agent_number, agent),
    )
  }
  if (sketch === undefined) return
  for (const { path, message } of findParameterIssues(action, sketch)) {
    const subject =
      path === ''
        ? `The parameters of ${quoted(name)}`
        : `The parameter ${quoted(path.slice(1))} of ${quoted(name)}`
    const verb = path === '' ? message.replace(/^is /, 'are ') : message
    findings.error(`${at}/parameters${path}`, 'BAD_PARAMETERS', `${subject} ${verb}.`)
  }
}

/** The agent of a number, if the user has it. */
export function checkAgent(
  number: number | undefined,
  at: string,
  { agents }: Known,
  findings: Findings,
): KnownAgent | undefined {
  if (number === undefined) return undefined
  const agent = agents.get(number)
  if (agent === undefined) findings.error(at, 'UNKNOWN_AGENT', `There is no agent ${number}.`)
  else if (!agent.is_active)
    findings.warn(at, 'AGENT_OFF', `The agent ${number} (${agent.name}) is switched off.`)
  return agent
}

export function unknownAction(name: string, number: number | undefined, agent: KnownAgent): string {
  const near = nearest(name, Object.keys(agent.actions))
  const known = near === undefined ? 'It has none' : `The nearest one that it has is ${quoted(near)}`
  return `The agent ${number} (${agent.name}) has no action ${quoted(name)}. ${known}.`
}

function checkExpressions({ parameters, at }: Step, around: Surroundings): Sketch | undefined {
  if (parameters === undefined || around.expressions.count > EXPRESSIONS_MAX) return undefined
  const { sketch, expressions, problems } = sketchOf(parameters as Json, below(at, 'parameters'))
  around.expressions.count += expressions.length + problems.length
  tell(problems, around.findings)
  for (const { at: place, expression } of expressions) checkReads(expression, place, around)
  return sketch
}

function checkCondition({ condition, at }: Step, around: Surroundings): void {
  const { findings, expressions } = around
  if (condition === undefined || expressions.count > EXPRESSIONS_MAX) return
  expressions.count += 1
  const path = below(at, 'condition')
  const problems = findConditionProblems(condition, path)
  tell(problems, findings)
  if (problems.length > 0) return
  const compiled = compileCondition(condition)
  checkReads(compiled, path, around)
  const { node } = compiled
  if (node.kind !== 'constant' || node.value === true) return
  if (node.value === false) findings.warn(path, 'NEVER_RUNS', 'The condition is always false.')
  else findings.error(path, 'BAD_EXPRESSION', 'A condition is true or false, and this one never is.')
}

function tell(problems: readonly PointedProblem[], findings: Findings): void {
  for (const problem of problems.slice(0, PROBLEMS_MAX))
    findings.error(problem.pointer, 'BAD_EXPRESSION', withPlace(problem))
}

function withPlace({ message, position, excerpt }: Problem): string {
  return `${message} At character ${position + 1}:\n${excerpt}`
}
