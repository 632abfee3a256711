namespace MMDetSharp.Models.DenseHeads.YoloV5;

/// <summary>The arguments of a module by place, with the defaults of YOLOv5's constructors.</summary>
internal sealed class YoloV5Arguments(IReadOnlyList<object?> values)
{
    /// <summary>The whole number at a place, which must be there.</summary>
    internal int Int(int place) => values.Count > place && values[place] is long number and >= int.MinValue and <= int.MaxValue
        ? (int)number
        : throw Wrong(place, "a whole number");

    /// <summary>A whole number, or the default.</summary>
    internal int Int(int place, int missing) => Has(place) ? Int(place) : missing;

    /// <summary>A number, or the default.</summary>
    internal double Float(int place, double missing) => !Has(place) ? missing : values[place] switch
    {
        double number => number,
        long number => number,
        _ => throw Wrong(place, "a number"),
    };

    /// <summary>True or false, or the default.</summary>
    internal bool Bool(int place, bool missing) => !Has(place) ? missing : values[place] switch
    {
        bool truth => truth,
        long number => number != 0,
        _ => throw Wrong(place, "True or False"),
    };

    /// <summary>Whole numbers, or the default.</summary>
    internal int[] Ints(int place, int[] missing) => !Has(place) ? missing
        : values[place] is object?[] list && Array.TrueForAll(list, item => item is long and >= int.MinValue and <= int.MaxValue)
            ? Array.ConvertAll(list, item => (int)(long)item!)
            : throw Wrong(place, "a list of whole numbers");

    /// <summary>A text, or the default.</summary>
    internal string Text(int place, string missing) =>
        Has(place) ? values[place] as string ?? throw Wrong(place, "a text") : missing;

    // yaml has no None: YOLOv5 writes the word.
    private bool Has(int place) => values.Count > place && values[place] is not (null or "None");

    private ArgumentException Wrong(int place, string wanted) => new(
        $"argument {place} must be {wanted}, got {(values.Count > place ? values[place] ?? "None" : "nothing")}. " +
        "Correct the row.");
}
