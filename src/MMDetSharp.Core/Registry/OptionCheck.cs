using System.Globalization;
using System.Numerics;

namespace MMDetSharp.Core.Registry;

/// <summary>
/// Checks the options of a class. An error names the option as configs do, and, while a config is read, its file and
/// line.
/// </summary>
/// <param name="owner">Whose options they are, as configs name it.</param>
/// <param name="error">
/// Makes the error of an option and what must hold for it: <see cref="ConfigReader.Error"/>; null for an
/// <see cref="ArgumentException"/>.
/// </param>
public readonly struct OptionCheck(string owner, Func<string, string, Exception>? error)
{
    /// <summary>Fails unless a rule holds.</summary>
    /// <param name="holds">Whether it does.</param>
    /// <param name="option">The option, as configs name it.</param>
    /// <param name="rule">What must hold: "must be 53".</param>
    /// <param name="found">What was found.</param>
    public void Require(bool holds, string option, string rule, object found)
    {
        if (!holds)
        {
            var message = FormattableString.Invariant($"{rule}, got {found}. Change it.");
            throw error?.Invoke(option, message) ?? new ArgumentException($"{owner}: {option} {message}");
        }
    }

    /// <summary>Fails unless a number is positive.</summary>
    /// <param name="option">The option, as configs name it.</param>
    /// <param name="value">The number; null, an option that was not given, is none.</param>
    public void RequirePositive(string option, double? value) =>
        Require(value is null or > 0, option, "must be positive", value ?? 0);

    /// <summary>Fails unless a number lies in a range; its ends belong to it.</summary>
    /// <param name="option">The option, as configs name it.</param>
    /// <param name="value">The number.</param>
    /// <param name="from">The least one.</param>
    /// <param name="to">The largest one.</param>
    public void RequireRange(string option, double value, double from, double to)
    {
        var rule = double.IsInfinity(to)
            ? FormattableString.Invariant($"must be at least {from}")
            : FormattableString.Invariant($"must be {from} to {to}");
        Require(value >= from && value <= to, option, rule, value);
    }

    /// <summary>Fails unless all numbers are positive.</summary>
    /// <param name="option">The option, as configs name it.</param>
    /// <param name="values">The numbers.</param>
    public void RequirePositive<T>(string option, IEnumerable<T> values)
        where T : INumber<T> =>
        Require(values.All(value => value > T.Zero), option, "must be positive numbers", List(values));

    /// <summary>Fails unless a list has the right length.</summary>
    /// <param name="option">The option, as configs name it.</param>
    /// <param name="found">The list's length.</param>
    /// <param name="count">The right one.</param>
    /// <param name="per">Of what there is one entry each: "stage".</param>
    public void RequireCount(string option, int found, int count, string per) =>
        Require(found == count, option, $"must have {count} entries, one per {per}", found);

    /// <summary>Fails unless numbers name some of the stages, at least one, in rising order.</summary>
    /// <param name="option">The option, as configs name it.</param>
    /// <param name="indices">The numbers.</param>
    /// <param name="last">The last stage; the first one is 0.</param>
    public void RequireIndices(string option, IReadOnlyList<int> indices, int last)
    {
        ArgumentNullException.ThrowIfNull(indices);
        var rises = indices.Zip(indices.Skip(1)).All(pair => pair.First < pair.Second);
        Require(
            indices.Count > 0 && indices[0] >= 0 && indices[^1] <= last && rises,
            option, $"must name stages from 0 to {last}, rising", List(indices));
    }

    private static string List<T>(IEnumerable<T> values)
        where T : INumber<T> =>
        $"[{string.Join(", ", values.Select(value => value.ToString(null, CultureInfo.InvariantCulture)))}]";
}
