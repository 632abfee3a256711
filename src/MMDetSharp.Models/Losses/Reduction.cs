namespace MMDetSharp.Models.Losses;

/// <summary>How the losses of single elements become one.</summary>
public enum Reduction
{
    /// <summary>Their average; with an average factor, their sum by it.</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>They stay as they are.</summary>
    None,
}
