using System.Text;

namespace MMDetSharp.Engine.Evaluation;

/// <summary>A table of text in the form that MMDetection's logs have.</summary>
internal static class AsciiTable
{
    /// <param name="rows">The first is the heading; all as long.</param>
    /// <param name="footed">Whether a line stands above the last row.</param>
    internal static string Render(IEnumerable<IReadOnlyList<string>> rows, bool footed = false)
    {
        var cells = rows.ToList();
        var widths = Enumerable.Range(0, cells[0].Count).Select(c => cells.Max(row => row[c].Length)).ToArray();
        var line = $"+{string.Join('+', widths.Select(width => new string('-', width + 2)))}+";
        var text = new StringBuilder().AppendLine(line);
        for (var r = 0; r < cells.Count; r++)
        {
            if (r == 1 || (footed && r == cells.Count - 1 && r > 1))
            {
                text.AppendLine(line);
            }

            var row = cells[r];
            text.Append("| ").AppendJoin(" | ", row.Select((cell, c) => cell.PadRight(widths[c]))).AppendLine(" |");
        }

        return text.Append(line).ToString();
    }
}
