import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { bindMemory } from '../server/domains/memory/capabilities.ts'
import { openTestApp } from './app.ts'

/**
 * How often the entries that answer a question are among the first ten. The facts and questions were written by
 * somebody who did not know the search; those of an odd index took no part in its development.
 */
const FOUND = 10
const LEAST = 0.7

interface Fact {
  kind: 'fact'
  id: string
  text: string
  at: string
  speaker?: string
}
interface Question {
  kind: 'question'
  question: string
  answers: string[]
}

const lines = readFileSync(new URL('data/recall.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Fact | Question)
const facts = lines.filter((line) => line.kind === 'fact')
const questions = lines.filter((line) => line.kind === 'question')

/** A memory with all the facts, each stored at its time; answers which facts a search finds. */
async function remembering(): Promise<{ search(q: string): Promise<string[]>; remove(): Promise<void> }> {
  const { app, ask, claim, remove } = await openTestApp()
  const { token, user_id } = await claim()
  const { id: agent_id } = await ask(token, 'agents.get', { id: '2' })
  const owner = { user_id, agent_id }
  const names = new Map<string, string>()
  const inTime = facts.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
  await app.kernel.store.write(async (db) => {
    for (const { id: name, text, at, speaker } of inTime) {
      const bound = { owner, now: Date.parse(at), id: app.kernel.id, db, note: () => {} }
      const content = speaker === undefined ? text : `${speaker}: ${text}`
      const { id } = await bindMemory(bound).store({ memory_type: 'note', content })
      names.set(id, name)
    }
  })
  const search = async (q: string): Promise<string[]> => {
    const { memories } = await ask(token, 'agents.memory', { id: '2', q, limit: FOUND })
    return memories.map(({ id }) => names.get(id) ?? '')
  }
  return { search, remove }
}

/** The mean share of the answers that were found. */
function recall(outcomes: readonly number[]): number {
  return outcomes.reduce((sum, share) => sum + share, 0) / outcomes.length
}

test('seven of ten answers to questions about what was said are among the first ten entries', async (context) => {
  const { search, remove } = await remembering()
  context.after(remove)
  const shares: number[] = []
  for (const { question, answers } of questions) {
    const found = new Set(await search(question))
    shares.push(answers.filter((answer) => found.has(answer)).length / answers.length)
  }
  const [even, odd] = [0, 1].map((rest) => recall(shares.filter((_, index) => index % 2 === rest)))
  const figures = `developed with ${even?.toFixed(3)}, never seen ${odd?.toFixed(3)}`
  context.diagnostic(figures)
  assert.ok(recall(shares) >= LEAST, figures)
})
