namespace MMDetSharp.Cli;

/// <summary>The command line that goes on with an interrupted training.</summary>
internal static class ResumeText
{
    private const string Option = "--resume-from";
    private const string Plain = "-_./=:,+@%";

    /// <summary>The words of the training's own command line, with another checkpoint to go on from.</summary>
    internal static string Of(IReadOnlyList<string> words, string checkpoint)
    {
        var isDropped = (int i) => words[i] == Option || (i > 0 && words[i - 1] == Option);
        var kept = Enumerable.Range(0, words.Count).Where(i => !isDropped(i)).Select(i => words[i]);
        return $"./mmdet {string.Join(' ', kept.Append(Option).Append(checkpoint).Select(Quoted))}";
    }

    // As a shell reads it: what is not plain stands in single quotes.
    private static string Quoted(string word) =>
        word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || Plain.Contains(letter))
            ? word
            : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
