namespace MMDetSharp.Models.Losses;

/// <summary>Between which distributions a cross entropy is taken.</summary>
public enum CrossEntropyMode
{
    /// <summary>One class of many.</summary>
    Softmax,

    /// <summary>Each class yes or no.</summary>
    Sigmoid,

    /// <summary>Each pixel of the object's class yes or no.</summary>
    Mask,
}
