using System.Collections;

using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Losses;

/// <summary>
/// What one training step minimises, by name and in order: <c>loss_cls</c>, <c>loss_bbox</c>. A term may consist of
/// several values, one per level. Terms whose name holds "loss" are added up; others are only reported.
/// </summary>
public sealed class LossTerms : IReadOnlyCollection<LossTerm>
{
    private readonly List<LossTerm> _terms = [];

    /// <summary>The number of terms.</summary>
    public int Count => _terms.Count;

    /// <summary>The values of a term.</summary>
    /// <param name="name">Its name in the log, <c>loss_cls</c>.</param>
    /// <exception cref="KeyNotFoundException">There is no such term.</exception>
    public Tensor[] this[string name] => _terms.Find(term => term.Name == name)?.Values
        ?? throw new KeyNotFoundException(
            $"LossTerms: there is no term {name}. There are {string.Join(", ", _terms.Select(term => term.Name))}.");

    /// <summary>Adds a loss, or a number to report.</summary>
    /// <param name="name">Its name in the log.</param>
    /// <param name="values">Each is averaged over its elements; the averages are added.</param>
    public void Add(string name, params Tensor[] values) => _terms.Add(new LossTerm(name, values));

    /// <summary>Adds the terms of another part of the model.</summary>
    /// <param name="terms">Their order stays.</param>
    public void AddRange(LossTerms terms) => _terms.AddRange(terms);

    /// <summary>The value of each term: the sum of the averages of its values.</summary>
    /// <returns>Scalars; they belong to the caller.</returns>
    public IReadOnlyList<KeyValuePair<string, Tensor>> Values()
    {
        using var scope = TensorScope.Begin();
        return [.. _terms.Select(term => KeyValuePair.Create(term.Name, scope.Keep(Sum(term.Values))))];
    }

    /// <summary>What is minimised: the sum of all terms whose name holds "loss".</summary>
    /// <returns>A scalar; it belongs to the caller.</returns>
    public Tensor Total()
    {
        using var scope = TensorScope.Begin();
        return scope.Keep(_terms
            .Where(term => term.Name.Contains("loss", StringComparison.Ordinal))
            .Select(term => Sum(term.Values))
            .Aggregate((sum, value) => sum + value));
    }

    /// <summary>
    /// What a log shows: the value of each term, then <c>loss</c>, what is minimised. Waits for the device once.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, double>> ReadValues()
    {
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        Tensor[] scalars = [.. _terms.Select(term => Sum(term.Values)), Total()];
        var values = Tensor.Stack(0, scalars).ToDoubleArray();
        var names = _terms.Select(term => term.Name).Append("loss");
        return [.. names.Zip(values, KeyValuePair.Create)];
    }

    /// <summary>Hands all values to the scope around the current one.</summary>
    /// <returns>These terms.</returns>
    public LossTerms KeepIn(TensorScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        foreach (var term in _terms)
        {
            scope.Keep(term.Values);
        }

        return this;
    }

    /// <inheritdoc/>
    public IEnumerator<LossTerm> GetEnumerator() => _terms.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static Tensor Sum(Tensor[] values) =>
        values.Select(value => value.Rank == 0 ? value : value.Mean()).Aggregate((sum, value) => sum + value);
}

/// <summary>One term of the loss.</summary>
/// <param name="Name">Its name in the log.</param>
/// <param name="Values">Scalars, usually one per level.</param>
public sealed record LossTerm(string Name, Tensor[] Values);
