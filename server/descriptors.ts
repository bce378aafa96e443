/** What is read of Node's report on the process; Windows has no such limit. */
interface Report {
  userLimits?: { open_files?: { soft: number | 'unlimited' } }
}

/** How many files and connections the process may have open. To be asked early: the report looks at each that is. */
export function descriptorsMax(): number {
  const { userLimits } = process.report.getReport() as Report
  const soft = userLimits?.open_files?.soft
  return typeof soft === 'number' ? soft : Infinity
}
