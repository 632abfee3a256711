namespace MMDetSharp.Models.Losses;

/// <summary>Between which distributions a cross entropy is taken.</summary>
public enum CrossEntropyMode
{
    /// <summary>Softmax over the classes: exactly one of them is right.</summary>
    Softmax,

    /// <summary>A sigmoid for each class: binary cross entropy.</summary>
    Sigmoid,

    /// <summary>A sigmoid for each pixel of the mask of the object's class.</summary>
    Mask,
}
