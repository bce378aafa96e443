import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SKILLS } from '../../../install.ts'
import { system } from '../../../skills/system/index.ts'
import { examplesOf } from '../model.ts'
import { toBytes } from './bytes.ts'
import { classify } from './classify.ts'
import { OUT_OF_SCOPE_LABEL } from './model.ts'
import type { Model } from './model.ts'
import { retrain } from './retrain.ts'
import { train } from './train.ts'
import type { Example } from './train.ts'

const EXAMPLES: Example[] = examplesOf([system, ...SKILLS])
// A third of them: the tests train several models.
const taught = EXAMPLES.filter((_, at) => at % 3 === 0)
const asked = EXAMPLES.filter(({ label }, at) => at % 3 === 1 && label !== OUT_OF_SCOPE_LABEL)
/** Points of accuracy. Over the three thirds of the examples it loses 0.6 in the mean, and 1.6 with the worst of them. */
const LOSS_MAX = 2
const ofAgent = ({ label }: Example): boolean => label.startsWith('tasks/')
const tasks = [...new Set(taught.filter(ofAgent).map(({ label }) => label))]
const whole = train(taught)
/** Knows of the agent's intents only what every second example says. */
const poorer = train(taught.filter((example, at) => !ofAgent(example) || at % 2 === 0))

function accuracy(model: Model, examples: readonly Example[]): number {
  const right = examples.filter(({ text, label }) => classify(model, text).ranked[0]?.label === label)
  return (right.length / examples.length) * 100
}

/** What one agent costs differs by more than a point with chance, so that three speak. */
const AGENTS = ['tasks/', 'notes/', 'reminders/'] as const

function mean(points: readonly number[]): number {
  return points.reduce((sum, one) => sum + one, 0) / points.length
}

test('one agent taught anew is understood as well as if everything had been trained', () => {
  const lost = AGENTS.map((agent) => {
    const isOf = ({ label }: Example): boolean => label.startsWith(agent)
    const less = train(taught.filter((example, at) => !isOf(example) || at % 2 === 0))
    const again = retrain(less, taught, [...new Set(taught.filter(isOf).map(({ label }) => label))])
    const own = asked.filter(isOf)
    const middle = (accuracy(less, own) + accuracy(whole, own)) / 2
    assert.ok(accuracy(again, own) > middle, `${accuracy(again, own)} against ${accuracy(whole, own)}`)
    return accuracy(whole, asked) - accuracy(again, asked)
  })
  assert.ok(mean(lost) <= LOSS_MAX, String(lost))
})

test('agents that are new are learnt though nobody named them, as well as if everything had been trained', () => {
  const lost = AGENTS.map((agent) => {
    const before = train(taught.filter(({ label }) => !label.startsWith(agent)))
    const again = retrain(before, taught, [])
    assert.deepEqual(again.labels, whole.labels)
    const own = asked.filter(({ label }) => label.startsWith(agent))
    assert.ok(accuracy(again, own) > accuracy(whole, own) - 5, agent)
    return accuracy(whole, asked) - accuracy(again, asked)
  })
  assert.ok(mean(lost) <= LOSS_MAX, String(lost))
})

test('labels without examples are forgotten', () => {
  const less = retrain(
    whole,
    taught.filter((example) => !ofAgent(example)),
    tasks,
  )
  assert.deepEqual(
    less.labels,
    whole.labels.filter((label) => !tasks.includes(label)),
  )
  assert.equal(less.labels.at(-1), OUT_OF_SCOPE_LABEL)
})

test('what is not named keeps its rows, and with nothing changed the model stays as it is', () => {
  assert.deepEqual(toBytes(retrain(whole, taught, [])), toBytes(whole))
  const again = retrain(poorer, taught, tasks)
  for (const [place, label] of poorer.labels.entries()) {
    const now = again.labels.indexOf(label)
    assert.equal(again.biases[now] === poorer.biases[place], !tasks.includes(label), label)
  }
})

test('a correction moves a sentence to another label, the same each time', () => {
  const text = 'put the kettle descaling where it belongs'
  const other = classify(whole, text).ranked[0]?.label === 'tasks/add' ? 'notes/create' : 'tasks/add'
  const label = whole.labels.includes(other) ? other : (tasks[0] ?? '')
  const corrected = [...taught, ...Array.from({ length: 3 }, () => ({ text, label }))]
  const [one, two] = [1, 2].map(() => retrain(whole, corrected, [label]))
  assert.ok(one !== undefined && two !== undefined)
  assert.deepEqual(toBytes(one), toBytes(two))
  assert.equal(classify(one, text).ranked[0]?.label, label)
})
