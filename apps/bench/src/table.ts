/** Rows as an aligned text table; numbers to the right. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const text = rows.map((row) => row.map(String));
  const widths = head.map((title, column) => Math.max(title.length, ...text.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[], numbers: readonly boolean[]): string =>
    cells
      .map((cell, column) =>
        numbers[column] === true ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ');
  return [
    line(head, []),
    widths.map((width) => '-'.repeat(width)).join('  '),
    ...rows.map((row, index) =>
      line(
        text[index] ?? [],
        row.map((cell) => typeof cell === 'number'),
      ),
    ),
  ].join('\n');
}
