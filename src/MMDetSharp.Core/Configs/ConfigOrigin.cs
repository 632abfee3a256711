namespace MMDetSharp.Core.Configs;

/// <summary>Where a value of a config was written: a line of a file, or an option of the command line.</summary>
/// <param name="File">The file, relative to the current folder when it lies below it; or the option.</param>
/// <param name="Line">The line, from 1; 0 for an option of the command line.</param>
/// <param name="Column">The column, from 1; 0 for an option of the command line.</param>
public readonly record struct ConfigOrigin(string File, int Line, int Column)
{
    /// <summary>The origin of a value that was given on the command line.</summary>
    /// <param name="option">The override as typed, such as <c>optimizer.lr=0.01</c>.</param>
    public static ConfigOrigin CommandLine(string option) => new($"--cfg-options {option}", 0, 0);

    /// <summary><c>configs/fcos/fcos_r50.py:12</c>, or the option of the command line.</summary>
    public override string ToString() => Line == 0 ? File : $"{File}:{Line}";

    /// <summary>The same with the column: where in the line the parser stood.</summary>
    internal string WithColumn() => Line == 0 ? File : $"{File}:{Line}:{Column}";
}
