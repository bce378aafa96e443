import { Argument } from 'commander'
import type { Command } from 'commander'
import type { ReplayOptions, RunOptions } from '../runs.ts'
import { example } from './parts.ts'
import type { Perform } from './parts.ts'

const workflowFile = () => import('../workflows.ts')
const definitionFile = () => import('../definition.ts')
const runFile = () => import('../runs.ts')
const oneRunFile = () => import('../run.ts')
const changingFile = () => import('../changing.ts')
const RUN = '3f9c2a71'

export function declareWorkflows(program: Command, perform: Perform): void {
  const workflows = program
    .command('workflows')
    .description('your workflows')
    .addHelpText('after', example('paios workflows gallery'))
    .action(() => perform(async (context) => (await workflowFile()).listWorkflows(context)))
  workflows
    .command('list')
    .description('your workflows, with when they start and how they went')
    .addHelpText('after', example('paios workflows list'))
    .action(() => perform(async (context) => (await workflowFile()).listWorkflows(context)))
  workflows
    .command('show')
    .description('one of them, as a file that can be changed and made again')
    .argument('<name>', 'name or id of the workflow')
    .addHelpText('after', example('paios workflows show morning_briefing > briefing.json'))
    .action((name: string) => perform(async (context) => (await workflowFile()).showWorkflow(context, name)))
  declareMaking(workflows, perform)
  declareChanging(workflows, perform)
  declareRuns(workflows, perform)
  declareLookingBack(workflows, perform)
}

function declareMaking(workflows: Command, perform: Perform): void {
  workflows
    .command('validate')
    .description('everything that is wrong with a definition; nothing of it is run')
    .argument('<file>', 'JSON file of the definition')
    .addHelpText('after', example('paios workflows validate briefing.json'))
    .action((path: string) =>
      perform(async (context) => (await definitionFile()).validateFile(context, path)),
    )
  workflows
    .command('create')
    .description('make a workflow from a file')
    .argument('<file>', 'JSON file of the definition, or of {name, description, definition}')
    .option('--name <name>', 'its name (default: the one in the file, else that of the file)')
    .addHelpText('after', example('paios workflows create briefing.json --name "My briefing"'))
    .action((path: string, options: { name?: string }) =>
      perform(async (context) => (await workflowFile()).createWorkflow(context, path, options)),
    )
  workflows
    .command('gallery')
    .description('workflows that are ready to be taken')
    .addHelpText('after', example('paios workflows gallery'))
    .action(() => perform(async (context) => (await workflowFile()).showGallery(context)))
  workflows
    .command('add')
    .description('take one of the gallery')
    .argument('<gallery-name>', 'its name in the gallery')
    .option('--name <name>', 'another name for yours')
    .addHelpText('after', example('paios workflows add morning_briefing'))
    .action((wanted: string, options: { name?: string }) =>
      perform(async (context) => (await workflowFile()).addFromGallery(context, wanted, options)),
    )
}

function declareChanging(workflows: Command, perform: Perform): void {
  workflows
    .command('update')
    .description('change a workflow into what a file says; what runs of it goes on as it began')
    .argument('<file>', 'JSON file of the definition, or of {name, description, definition}')
    .option(
      '--name <name>',
      'name or id of the workflow (default: the one in the file, else that of the file)',
    )
    .addHelpText('after', example('paios workflows update briefing.json --name "My briefing"'))
    .action((path: string, options: { name?: string }) =>
      perform(async (context) => (await changingFile()).updateFromFile(context, path, options)),
    )
  const one = (name: 'on' | 'off' | 'delete', description: string) =>
    workflows
      .command(name)
      .description(description)
      .argument('<name>', 'name or id of the workflow')
      .addHelpText('after', example(`paios workflows ${name} morning_briefing`))
  one('on', 'let it start').action((name: string) =>
    perform(async (context) => (await changingFile()).switchWorkflow(context, name, true)),
  )
  one('off', 'let it start no more; what runs of it goes on').action((name: string) =>
    perform(async (context) => (await changingFile()).switchWorkflow(context, name, false)),
  )
  one('delete', 'delete it; an undo brings it back').action((name: string) =>
    perform(async (context) => (await changingFile()).deleteWorkflow(context, name)),
  )
}

function declareRuns(workflows: Command, perform: Perform): void {
  workflows
    .command('run')
    .description('start a workflow')
    .argument('<name>', 'name or id of the workflow')
    .option('--input <json>', 'what its steps see as input')
    .option('--wait', 'wait for the end, up to 10 minutes, and show the steps')
    .addHelpText('after', example('paios workflows run morning_briefing --wait'))
    .action((name: string, options: RunOptions) =>
      perform(async (context) => (await runFile()).runWorkflow(context, name, options)),
    )
  workflows
    .command('history')
    .description('its runs, newest first')
    .argument('<name>', 'name or id of the workflow')
    .option('--limit <count>', 'how many, 1 to 500', '20')
    .addHelpText('after', example('paios workflows history morning_briefing --limit 5'))
    .action((name: string, options: { limit?: string }) =>
      perform(async (context) => (await runFile()).showHistory(context, name, options)),
    )
  workflows
    .command('stop')
    .description('stop a run')
    .argument('<execution>', 'id of the run, or the end of it')
    .addHelpText('after', example(`paios workflows stop ${RUN}`))
    .action((id: string) => perform(async (context) => (await runFile()).stopRun(context, id)))
  workflows
    .command('resume')
    .description('answer a run that waits for your yes or no')
    .argument('<execution>', 'id of the run, or the end of it')
    .addArgument(new Argument('<answer>', 'what you say').choices(['yes', 'no']))
    .option('--step <step>', 'which step, where several wait')
    .option('--note <text>', 'something to say with it')
    .addHelpText('after', example(`paios workflows resume ${RUN} yes`))
    .action((id: string, answer: 'yes' | 'no', options: { step?: string; note?: string }) =>
      perform(async (context) => (await runFile()).resumeRun(context, [id, answer], options)),
    )
}

function declareLookingBack(workflows: Command, perform: Perform): void {
  workflows
    .command('replay')
    .description('run one again as it was started')
    .argument('<execution>', 'id of the run, or the end of it')
    .option('--from <step>', 'from this step on, with what those before it gave')
    .option('--wait', 'wait for the end, up to 10 minutes, and show the steps')
    .addHelpText('after', example(`paios workflows replay ${RUN} --from tell`))
    .action((id: string, options: ReplayOptions) =>
      perform(async (context) => (await runFile()).replayRun(context, id, options)),
    )
  workflows
    .command('execution')
    .description('a run with its steps, as it is or as it was')
    .argument('<execution>', 'id of the run, or the end of it')
    .option('--as-of <step>', 'as it was when this step had its outcome')
    .addHelpText('after', example(`paios workflows execution ${RUN} --as-of tell`))
    .action((id: string, options: { asOf?: string }) =>
      perform(async (context) => (await oneRunFile()).showRun(context, id, options)),
    )
  workflows
    .command('compare')
    .description('where two runs of a workflow differ, step by step')
    .argument('<execution>', 'id of the run, or the end of it')
    .argument('<other-execution>', 'id of the other run, or the end of it')
    .addHelpText('after', example(`paios workflows compare ${RUN} 8d01b5e4`))
    .action((id: string, other: string) =>
      perform(async (context) => (await oneRunFile()).compareRuns(context, id, other)),
    )
}
