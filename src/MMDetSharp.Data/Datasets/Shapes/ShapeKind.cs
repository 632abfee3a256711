namespace MMDetSharp.Data.Datasets.Shapes;

/// <summary>The classes of the drawn set, in the order of its categories.</summary>
internal enum ShapeKind
{
    Circle,
    Square,
    Triangle,
}
