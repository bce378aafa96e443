/**
 * Short ways to speak of a workflow, for those who have one. They are no phrases of the system's actions, because without
 * the name too little is left of them for the statistics to learn from: "stop" is another command.
 */
export const SHORT_PHRASES: readonly { action: string; phrase: string }[] = Object.entries({
  run_workflow: [
    '(run|start|execute|launch|trigger|kick off) {workflow} [now|again]',
    'run {workflow} for me',
    '(rerun|retry|repeat) {workflow}',
    'run {workflow} (once more|one more time)',
  ],
  stop_workflow: ['(stop|abort|halt) {workflow} [now]'],
  turn_on_workflow: [
    '(turn|switch) [back] on {workflow} [again]',
    '(turn|switch) {workflow} [back] on [again]',
    '(enable|activate|reactivate|resume|unpause) {workflow} [again]',
  ],
  turn_off_workflow: [
    '(turn|switch) off {workflow} [again]',
    '(turn|switch) {workflow} [back] off [again]',
    '(disable|deactivate|suspend|pause) {workflow}',
  ],
  rename_workflow: [
    'rename {workflow} (to|as|into) {to}',
    'rename {workflow}',
    '(change|set) the name of {workflow} to {to}',
    '(change|set) {workflow} name to {to}',
    '(call|name) {workflow} {to} (from now on|instead)',
  ],
  delete_workflow: ['(delete|remove|erase|get rid of|throw away) {workflow}'],
  explain_workflow: [
    'what does {workflow} do',
    'how often (does|will) {workflow} run',
    '(explain|describe|show|show me|tell me about) {workflow}',
    '(show|show me|tell me|list|what are) the steps (of|in) {workflow}',
    '(what|which) steps does {workflow} have',
    '(what|when) starts {workflow}',
    'why is {workflow} (on|off|paused)',
    '(is|are) {workflow} [still] (there|here|on|off|active|paused|switched on|switched off|turned on|turned off)',
    '(does|do) {workflow} [still] exist',
    '(do i|have i) [still] (have|got) {workflow}',
  ],
  reschedule_workflow: [
    '(make|let|have) {workflow} (run|start) {when} [instead|from now on]',
    '(change|move|shift|reschedule|set|switch|postpone) {workflow} to [run|start] {when} [instead|from now on]',
    '(run|start) {workflow} {when} (instead|from now on)',
    '(run|start) {workflow} (every|each) {when}',
    '(change|set|move) the (time|schedule|start) of {workflow} to {when}',
    '{workflow} should run {when} [instead|from now on]',
    '(change|reschedule) {workflow}',
    '(make|let) {name} run {when} [instead|from now on]',
    '(change|set|move) the schedule of {name} to {when}',
  ],
  // Who asks so of a name that is none hears which there are.
  next_run: [
    'when (does|will) {workflow} [next] (run|start) [next|again]',
    'when is {workflow} (due|run|started) [next|again]',
    '(at what time|what time) (does|will) {workflow} [next] (run|start)',
    'when is the next run of {workflow}',
    'when (does|will) {name} run next',
  ],
  why_failed: [
    'why did {workflow} (fail|break|go wrong|not work|not run|stop working) [{period}]',
    'why (has|is) {workflow} (failed|failing|broken) [{period}]',
    'what went wrong (with|in) {workflow} [{period}]',
    'what is wrong with {workflow}',
    'why did {name} fail [{period}]',
    'when did {workflow} [last] fail [{period}]',
  ],
  did_run: [
    '(did|has) {workflow} run [{period}]',
    'when did {workflow} [last] run',
    'did {workflow} (work|fail|succeed|finish|go well) [{period}]',
    'has {workflow} (worked|failed|finished) [{period}]',
    'how did {workflow} (go|do) [{period}]',
    'how is {workflow} (doing|going)',
    'is {workflow} [still] running [now|right now]',
    'how often (did|has) {workflow} run [{period}]',
  ],
  list_runs: [
    '(show|list|tell|give) [me] [the] (last|latest|recent|previous|past) (run|runs) of {workflow}',
    '(show|list|tell|give) [me] [the] (history|runs|log|results) of {workflow}',
    '(what is|what was) the (history|last run|latest run) of {workflow}',
    '(show|list) [me] {workflow} (history|runs)',
    'history of {workflow}',
    'how long (did|does) {workflow} (take|run|last) [{period}]',
  ],
  approve_run: [
    '(approve|go on with|continue [with]) {workflow}',
    'let {workflow} (go on|continue|proceed)',
    'yes (approve|go on with) {workflow}',
  ],
  decline_run: ['(decline|reject|refuse) {workflow}', 'do not (approve|go on with) {workflow}'],
}).flatMap(([action, phrases]) => phrases.map((phrase) => ({ action, phrase })))
