import { sayParameters } from '../cli/parameters.ts'
import type { Skill } from '../server/skills/skill.ts'

const HEAD = `# Actions

Generated from the skills. A \`?\` marks a parameter that may be left out; \`paios agents show 3\` says the same of one agent, those
that are programs of your own too. How they are asked for: [agents](../guide/agents.md).`

/** What the agents can do that come with the server, a table for each. */
export function actionTables(skills: readonly Skill[]): string {
  const parts = skills.map(({ agent, actions }) => {
    const rows = Object.entries(actions).map(
      ([name, { parameters, effect, summary }]) =>
        `| \`${name}\` | \`${inCell(sayParameters(parameters))}\` | ${effect} | ${inCell(summary)} |`,
    )
    const head = '| action | parameters | effect | what it does |\n|---|---|---|---|'
    return `## ${agent.number}: ${agent.name}\n\n${head}\n${rows.join('\n')}\n`
  })
  return `${HEAD}\n\n${parts.join('\n')}`
}

function inCell(text: string): string {
  return text.replaceAll('|', '\\|')
}
