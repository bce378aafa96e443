import { readFileSync } from 'node:fs'
import type { Understood } from '../server/domains/language/understand.ts'
import { decide } from '../server/domains/voice/decide.ts'
import { START } from './app.ts'
import type { TestApp } from './app.ts'

/** A sentence of a judge: what it means, or that nothing may be done about it. */
export interface Judged {
  text: string
  agent?: number
  action?: string
  also?: { agent: number; action: string }[]
  expect?: 'nothing'
}

const TIME_ZONE = 'Europe/Berlin'

/** Reads the sentences of a judge. */
export function readJudged(name: string): Judged[] {
  const file = new URL(`data/${name}.jsonl`, import.meta.url)
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Judged)
}

/** Understands a sentence as the first of a conversation. */
export function hear({ app }: TestApp, user_id: string, text: string): Promise<Understood> {
  return app.language.understand(user_id, {
    text,
    now: START,
    time_zone: TIME_ZONE,
    wake_words: ['paios'],
    active_agent: undefined,
    only_agent: undefined,
  })
}

/** Whether the agent and the action are those of the judge. */
export function isRight({ agent, action, also = [] }: Judged, { meaning }: Understood): boolean {
  return [{ agent, action }, ...also].some(
    (one) => meaning?.agent_number === one.agent && meaning?.name === one.action,
  )
}

/** Whether something with an effect would be done straight away. */
export function wouldAct(understood: Understood, warning: Parameters<typeof decide>[1]): boolean {
  const plan = decide(understood, warning, { now: START, time_zone: TIME_ZONE })
  return plan.kind === 'execute' && plan.meaning.action.effect !== 'read' && plan.meaning.name !== 'stop'
}
