import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AgentPortrait } from '../agents/portrait.ts'
import { measure } from './figures.ts'
import type { Measured } from './figures.ts'
import type { Links } from './links.ts'

const AGENT: AgentPortrait = {
  id: 'a',
  agent_number: 20,
  name: 'A',
  skill: null,
  created_at: '2026-11-22T10:00:00.000Z',
  last_execution: null,
  execution_count: 0,
  is_deleted: false,
  state: 'idle',
  health_score: 100,
  is_active: true,
  needs: [],
  integrations: [],
  lets_in: [],
  triggers: [],
}

/** What two agents asked of so many hosts, the most used first, with what the second asked coming last. */
function asked(hosts: number): Measured {
  const between = ['a', 'b'].flatMap((source) =>
    Array.from({ length: hosts }, (_, host) => {
      return { source, target: `http:${host}.example`, uses: 1, bytes: 10, last_used: host }
    }),
  )
  return { between, executions: new Map(), memory: new Map(), steps: [], starts: [] }
}

function draw(hosts: number) {
  const links: Links = new Map(
    ['a', 'b'].map((source) => {
      const link = { source, target: 'service:egress', type: 'dependency', is_on: true } as const
      return [`dependency:${source}:service:egress`, link]
    }),
  )
  const agents = [AGENT, { ...AGENT, id: 'b', agent_number: 21 }]
  const figures = measure(links, { agents, workflows: [] }, asked(hosts))
  const drawn = (agent: string) => [...links.values()].filter(({ source }) => source === agent).length - 1
  const out = (agent: string) => figures.get(`dependency:${agent}:service:egress`)?.uses
  return { drawn: [drawn('a'), drawn('b')], out: [out('a'), out('b')] }
}

test('a hundred hosts are drawn, with all who ask them, and what is asked of the others is counted as going out', () => {
  for (const hosts of [99, 100]) assert.deepEqual(draw(hosts), { drawn: [hosts, hosts], out: [hosts, hosts] })
  assert.deepEqual(draw(101), { drawn: [100, 100], out: [101, 101] })
  assert.deepEqual(draw(250), { drawn: [100, 100], out: [250, 250] })
})
