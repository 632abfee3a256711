namespace MMDetSharp.Models.Losses;

/// <summary>How the losses of single elements become one.</summary>
public enum Reduction
{
    /// <summary>Their average; with an average factor, their sum by it.</summary>
    Mean,

    /// <summary>The sum of all elements' losses.</summary>
    Sum,

    /// <summary>No reduction: one loss per element.</summary>
    None,
}
